// What the movement-pruning paper reports, to lay beside one's own runs: a larger model and other data than theirs may be.

export interface PublishedResult {
  readonly method: string;
  readonly isDistilled: boolean;
  /** Of the encoder's linear maps, 0 to 1. */
  readonly keptShare: number;
  /** In per cent, as SQuAD's own script counts. */
  readonly exact_match: number;
  readonly f1: number;
}

export interface PublishedResults {
  readonly source: string;
  readonly address: string;
  readonly setup: string;
  readonly results: readonly PublishedResult[];
}

const dense: PublishedResult = { method: 'dense', isDistilled: false, keptShare: 1, exact_match: 80.4, f1: 88.1 };

type Scores = readonly [exactMatch: number, f1: number];

const results = (keptShare: number, method: string, plain: Scores, distilled: Scores): PublishedResult[] =>
  [plain, distilled].map(([exact_match, f1], index) => ({
    method,
    isDistilled: index === 1,
    keptShare,
    exact_match,
    f1,
  }));

export const publishedOnSquad: PublishedResults = {
  source: 'Sanh et al. 2020',
  address: 'arXiv 2005.07683',
  setup: 'BERT-base on SQuAD v1.1',
  results: [
    dense,
    ...results(0.1, 'magnitude', [67.7, 78.5], [70.2, 80.1]),
    ...results(0.1, 'l0', [69.9, 80.0], [72.4, 81.9]),
    ...results(0.1, 'topK', [71.9, 81.7], [75.6, 84.3]),
    ...results(0.1, 'sigmoied_threshold', [71.3, 81.5], [76.6, 84.9]),
    ...results(0.03, 'magnitude', [40.1, 54.5], [45.5, 59.6]),
    ...results(0.03, 'l0', [61.2, 73.3], [64.3, 75.8]),
    ...results(0.03, 'topK', [65.2, 76.3], [67.5, 78.0]),
    ...results(0.03, 'sigmoied_threshold', [69.5, 79.9], [72.7, 82.3]),
  ],
};

// What the text side hands to the rest: examples as a person knows them, features as a model eats them.
// Columns keep the names of the Hub's datasets (squad: id, title, context, question, answers).

export type SplitName = 'train' | 'dev' | 'test';
/** What a data set may be divided into where it comes from: slices of it become train, dev and test. */
export type SourceSplit = SplitName | 'unsupervised';

export interface ClassificationExample {
  readonly id: string;
  readonly text: string;
  /** Second sentence of a pair task (mnli's hypothesis), absent for single texts. */
  readonly textPair?: string;
  /** A paraphrase made beforehand, such as a back-translation, where the data has a column of them. */
  readonly augmentedText?: string;
  /** Index into `ClassificationDataset.labels`; null when the label is unknown or hidden. */
  readonly label: number | null;
}

export interface QuestionExample {
  readonly id: string;
  readonly title: string;
  readonly context: string;
  readonly question: string;
  /** Empty for an unanswerable question (SQuAD 2.0). Starts are UTF-16 offsets into `context`. */
  readonly answers: readonly { readonly text: string; readonly answer_start: number }[];
}

export type Example = ClassificationExample | QuestionExample;

export interface ClassificationDataset {
  readonly kind: 'text-classification';
  readonly labels: readonly string[];
  readonly splits: Readonly<Record<SplitName, readonly ClassificationExample[]>>;
  /** Texts that come without labels in a split of their own, as IMDb's do; what is sliced has none. */
  readonly unsupervised?: readonly ClassificationExample[];
}

export interface QuestionDataset {
  readonly kind: 'question-answering';
  readonly splits: Readonly<Record<SplitName, readonly QuestionExample[]>>;
}

export type Dataset = ClassificationDataset | QuestionDataset;
export type Task = Dataset['kind'];

/** One encoded text: `[CLS] a [SEP]` or `[CLS] a [SEP] b [SEP]`, unpadded; both arrays have length T. */
export interface Encoding {
  readonly inputIds: readonly number[];
  readonly tokenTypeIds: readonly number[];
}

/** One window of a question's context, with what training and prediction need. */
export interface QuestionFeature extends Encoding {
  readonly exampleIndex: number;
  /** Token positions of the answer in this window; both 0 (`[CLS]`) when it holds none. */
  readonly startPosition: number;
  readonly endPosition: number;
  /** First context token of the window; context tokens are contextFrom … contextFrom + offsets.length − 1. */
  readonly contextFrom: number;
  /** Per context token: [start, end) UTF-16 offsets into the example's original context. */
  readonly offsets: readonly (readonly [number, number])[];
}

export interface ClassificationFeature extends Encoding {
  readonly exampleIndex: number;
  readonly label: number | null;
}

export type Feature = QuestionFeature | ClassificationFeature;

/** A padded batch, row-major [B, T]. Rows past the real examples do not occur: the last batch may be smaller. */
export interface Batch {
  readonly batchSize: number;
  readonly tokens: number;
  readonly inputIds: Int32Array;
  readonly attentionMask: Int32Array;
  readonly tokenTypeIds: Int32Array;
  /** [B] each; only for question answering. */
  readonly startPositions?: Int32Array;
  readonly endPositions?: Int32Array;
  /** [B]; only for classification. */
  readonly labels?: Int32Array;
}

// Word statistics of the unlabelled texts (the authors' build_vocab and get_data_stats).

export interface CorpusStatistics {
  /** The vocabulary, in order of first appearance. */
  readonly words: readonly string[];
  /** ln(N/df), N documents of which df hold the word; a word of no document counts as in one. */
  idf(word: string): number;
  /** Per word of the vocabulary, how readily it is drawn as a replacement: max S − S(w), S(w) = Σ over documents tf·idf. */
  readonly replacementWeights: Float64Array;
}

/** @param documents each a text's words; read once, so they may be made as they are asked for. */
export function corpusStatistics(documents: Iterable<readonly string[]>): CorpusStatistics {
  const documentsWith = new Map<string, number>();
  const frequencySums = new Map<string, number>(); // Σ over documents of count/length
  let documentCount = 0;
  for (const document of documents) {
    documentCount++;
    for (const word of document) frequencySums.set(word, (frequencySums.get(word) ?? 0) + 1 / document.length);
    for (const word of new Set(document)) documentsWith.set(word, (documentsWith.get(word) ?? 0) + 1);
  }
  const words = [...frequencySums.keys()];
  const idf = (word: string) => Math.log(documentCount / (documentsWith.get(word) ?? 1));
  const scores = Float64Array.from(words, (word) => frequencySums.get(word)! * idf(word));
  const most = scores.reduce((max, score) => Math.max(max, score), 0);
  return { words, idf, replacementWeights: scores.map((score) => most - score) };
}

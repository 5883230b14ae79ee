// Looks words up in WordNet's sets of synonyms, also in their base form (the rules of detachment of morphy(7WN),
// without its lists of exceptions): "movies" finds what stands with "movie".

export interface Synonyms {
  /** Each once, without the word itself. */
  of(word: string): readonly string[];
}

/** Endings and what they become, of nouns, verbs, then adjectives: `-ies-y` makes "movies" "movy", no word, then `-s-`. */
const DETACHMENTS =
  '-ses-s -xes-x -zes-z -ches-ch -shes-sh -men-man -ies-y -s- -es- -ed-e -ed- -ing-e -ing- -er- -est- -er-e -est-e'
    .split(' ')
    .map((rule) => rule.split('-').slice(1) as [ending: string, replacement: string]);

/** @param sets each the words of one meaning, lower case, parted by spaces; a word all by itself has no synonyms. */
export function createSynonyms(sets: readonly string[]): Synonyms {
  const setsWith = new Map<string, number[]>();
  for (const [index, set] of sets.entries()) {
    for (const word of set.split(' ')) {
      const indices = setsWith.get(word);
      if (indices) indices.push(index);
      else setsWith.set(word, [index]);
    }
  }
  const find = (word: string): readonly string[] => {
    const entry = baseForms(word).find((form) => setsWith.has(form));
    const indices = entry === undefined ? [] : setsWith.get(entry)!;
    const found = new Set(indices.flatMap((index) => sets[index]!.split(' ')));
    return [...found].filter((synonym) => synonym !== entry && synonym !== word);
  };
  const known = new Map<string, readonly string[]>(); // most words recur
  return {
    of(word) {
      const folded = word.toLowerCase();
      const synonyms = known.get(folded) ?? find(folded);
      known.set(folded, synonyms);
      return synonyms;
    },
  };
}

function baseForms(word: string): string[] {
  const detached = DETACHMENTS.filter(([ending]) => word.length > ending.length + 1 && word.endsWith(ending));
  return [word, ...detached.map(([ending, replacement]) => word.slice(0, -ending.length) + replacement)];
}

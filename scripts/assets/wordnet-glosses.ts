// WordNet's definitions of nouns, to be told apart by the kind of thing that they define: its lexicographers' own files,
// so the texts and their classes are by people, and only the choice of them is ours.
import { deriveSeed } from '../../src/engine/random.ts';
import { dealClasses, type LabelledText, nearDuplicateKey, type Splits, shuffled } from './splits.ts';
import type { Synset } from './wordnet.ts';

/** Files of concrete things (lexnames(5WN)); a label is a place in this list. */
export const kinds = [
  { name: 'animal', lexFile: 5 },
  { name: 'artifact', lexFile: 6 },
  { name: 'food', lexFile: 13 },
  { name: 'location', lexFile: 15 },
  { name: 'person', lexFile: 18 },
  { name: 'plant', lexFile: 20 },
] as const;

/** As many as the smallest kind has, near enough: then a class is one in six, and accuracy says what it seems to. */
const glossesPerKind = 2500;

/** "true bugs" and the like say a name, not what the thing is. */
const leastWords = 3;

export function buildWordnetGlosses(nouns: readonly Synset[], seed: number): Splits<LabelledText> {
  const glosses = kinds.flatMap((_, label) => glossesOf(nouns, label));
  const ambiguous = keysOfSeveralLabels(glosses);
  const clear = glosses.filter(({ text }) => !ambiguous.has(nearDuplicateKey(text)));
  const classes = kinds.map((_, label) =>
    shuffled(
      clear.filter((gloss) => gloss.label === label),
      deriveSeed(seed, label),
    ).slice(0, glossesPerKind),
  );
  return dealClasses(classes, seed);
}

/** Of one kind, each text once. */
function glossesOf(nouns: readonly Synset[], label: number): LabelledText[] {
  const { name, lexFile } = kinds[label]!;
  const glosses = nouns
    .filter((synset) => synset.lexFile === lexFile)
    .map(({ offset, gloss }) => ({ id: `${name}/${offset}`, text: definitions(gloss), label }));
  const long = glosses.filter(({ text }) => text.split(' ').length >= leastWords);
  return [...new Map(long.map((gloss) => [gloss.text, gloss])).values()];
}

/** The gloss without its examples, which follow in quotation marks and use the word that it defines. */
export function definitions(gloss: string): string {
  return gloss.replace(/[;:,]?\s*".*$/, '').trim();
}

function keysOfSeveralLabels(glosses: readonly LabelledText[]): Set<string> {
  const labelOf = new Map<string, number>();
  const several = new Set<string>();
  for (const { text, label } of glosses) {
    const key = nearDuplicateKey(text);
    if ((labelOf.get(key) ?? label) !== label) several.add(key);
    labelOf.set(key, label);
  }
  return several;
}

// What the classification sets share: labelled texts dealt into three splits, near-duplicates together.
import { deriveSeed, shuffle } from '../../src/engine/random.ts';

export interface LabelledText {
  readonly id: string;
  readonly text: string;
  /** Index into the data set's labels. */
  readonly label: number;
}

export type Splits<T> = Readonly<Record<'train' | 'dev' | 'test', readonly T[]>>;

/** Each class dealt on its own, 20 % test and 10 % dev, near enough; then mixed. */
export function dealClasses(classes: readonly (readonly LabelledText[])[], seed: number): Splits<LabelledText> {
  const dealt = classes.map((examples) => dealByKey(examples, seed));
  const mix = (split: keyof Splits<LabelledText>) =>
    shuffled(
      dealt.flatMap((splits) => splits[split]),
      deriveSeed(seed, 1),
    );
  return { train: mix('train'), dev: mix('dev'), test: mix('test') };
}

/** Texts that differ only in case, digits and white space, as one bulk mail's copies do, share a key. */
export function nearDuplicateKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, '0').replace(/\s+/g, ' ').trim();
}

export function shuffled<T>(items: readonly T[], seed: number): T[] {
  return shuffle(items.length, seed).map((i) => items[i]!);
}

/** Whole groups of near-duplicates are dealt out. */
function dealByKey(examples: readonly LabelledText[], seed: number): Splits<LabelledText> {
  const groups = new Map<string, LabelledText[]>();
  for (const example of examples) {
    const key = nearDuplicateKey(example.text);
    groups.set(key, [...(groups.get(key) ?? []), example]);
  }
  const splits: Record<keyof Splits<LabelledText>, LabelledText[]> = { train: [], dev: [], test: [] };
  for (const group of shuffled([...groups.values()], seed)) {
    const isTestShort = splits.test.length < 0.2 * examples.length;
    const isDevShort = splits.dev.length < 0.1 * examples.length;
    splits[isTestShort ? 'test' : isDevShort ? 'dev' : 'train'].push(...group);
  }
  return splits;
}

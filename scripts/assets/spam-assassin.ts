// SpamAssassin's public corpus as a two-class data set: text only, each text once, and no text in two splits.
import { deriveSeed, shuffle } from '../../src/engine/random.ts';
import { mailText } from './mail.ts';

export interface Mail {
  readonly id: string;
  /** easy-ham-1, easy-ham-2, hard-ham-1, spam-1 or spam-2. */
  readonly group: string;
  readonly text: string;
}

export interface LabelledText {
  readonly id: string;
  readonly text: string;
  /** 0 ham, 1 spam. */
  readonly label: number;
}

export type Splits<T> = Readonly<Record<'train' | 'dev' | 'test', readonly T[]>>;

/** 512 tokens, BERT's longest input, are about as many characters of English. */
export const maxCharacters = 2000;

export function buildSpamAssassin(mails: readonly Mail[], seed: number) {
  const texts = mails.map(toLabelledText).filter((example) => example.text !== '');
  const unique = [...new Map(texts.map((example) => [example.text, example])).values()];
  const ham = splitByKey({ examples: unique.filter((example) => example.label === 0), seed });
  const spam = splitByKey({ examples: unique.filter((example) => example.label === 1), seed });
  const mix = (split: keyof typeof ham) => shuffled([...ham[split], ...spam[split]], deriveSeed(seed, 1));
  const splits: Splits<LabelledText> = { train: mix('train'), dev: mix('dev'), test: mix('test') };
  return { splits, empty: mails.length - texts.length, duplicates: texts.length - unique.length };
}

function toLabelledText({ id, group, text }: Mail): LabelledText {
  const readable = mailText(text).slice(0, maxCharacters).trim();
  return { id: `${group}/${id}`, text: readable, label: group.startsWith('spam') ? 1 : 0 };
}

/** Texts that differ only in case, digits and white space, as one bulk mail's copies do, share a key. */
export function nearDuplicateKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, '0').replace(/\s+/g, ' ').trim();
}

/** 20 % test and 10 % dev, near enough: whole groups of near-duplicates are dealt out. */
function splitByKey({ examples, seed }: { examples: readonly LabelledText[]; seed: number }) {
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

function shuffled<T>(items: readonly T[], seed: number): T[] {
  return shuffle(items.length, seed).map((i) => items[i]!);
}

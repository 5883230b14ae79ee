// Augmentation policies in the authors' notation: `tf_idf-0.7`, or `tf_idf-0.7+bt-0.9`, which changes each text in one
// of these ways, all as likely. (They keep as many augmented copies of each way and mix them.)
import { WinnowError } from '../error.ts';

/** Names of operations on words, with what the number after them means. */
export const wordOperations = {
  tf_idf: 'share of the words replaced by TF-IDF',
  unif: 'share of the words replaced at random',
  eda: 'share of the words that synonyms, insertions, swaps or deletions take',
  synonym: 'share of the words replaced by synonyms',
  insert: 'synonyms inserted, as a share of the words',
  swap: 'swaps, as a share of the words',
  delete: 'share of the words deleted',
  spelling: 'share of the words misspelt',
} as const;
export type WordOperation = keyof typeof wordOperations;

export type PolicyPart =
  | { readonly kind: WordOperation /** In (0, 1]. */; readonly strength: number }
  /** Back-translation at the temperature that `bt-0.9` states. A column of the data was made beforehand, and comes first. */
  | { readonly kind: 'bt' /** In (0, 1]. */; readonly temperature: number };

export type Policy = readonly PolicyPart[];

/** The authors sample at 0.9, or at 0.8 where a text must keep more of its meaning. */
export const usualTemperature = 0.9;

/** @throws WinnowError `bad-settings` for what is no policy, or one that changes nothing. */
export function parsePolicy(notation: string): Policy {
  return notation.split('+').map((part) => parsePart(part.trim()));
}

/** Whether the policy needs WordNet, an asset to be loaded first. */
export function usesSynonyms(policy: Policy): boolean {
  return policy.some(({ kind }) => kind === 'eda' || kind === 'synonym' || kind === 'insert');
}

export const formatPolicy = (policy: Policy): string => policy.map(formatPart).join('+');

export const formatPart = (part: PolicyPart): string =>
  `${part.kind}-${part.kind === 'bt' ? part.temperature : part.strength}`;

function parsePart(part: string): PolicyPart {
  const [, name = '', number] = /^([a-z_]+)(?:-(\d*\.?\d+))?$/.exec(part) ?? [];
  if (name === 'bt') return { kind: 'bt', temperature: readTemperature(part, number) };
  if (!isWordOperation(name)) throw wrong(part, `one of ${[...Object.keys(wordOperations), 'bt'].join(', ')}`);
  const strength = Number(number);
  if (strength === 0)
    throw wrong(part, `a policy that changes something`, `Write a share above 0, such as ${name}-0.3.`);
  if (strength <= 1) return { kind: name, strength };
  throw wrong(part, `a ${wordOperations[name]}, above 0 and up to 1`, `Write it as in ${name}-0.3.`);
}

function readTemperature(part: string, number: string | undefined): number {
  const temperature = number === undefined ? usualTemperature : Number(number);
  if (temperature > 0 && temperature <= 1) return temperature;
  throw wrong(part, 'a temperature above 0 and up to 1', 'Write it as in bt-0.9.');
}

const isWordOperation = (name: string): name is WordOperation => Object.hasOwn(wordOperations, name);

function wrong(
  part: string,
  expected: string,
  remedy = 'Write it as in tf_idf-0.3 or tf_idf-0.3+eda-0.1.',
): WinnowError {
  return new WinnowError(
    'bad-settings',
    `augmentation policy: expected ${expected}, got ${JSON.stringify(part)}. ${remedy}`,
  );
}

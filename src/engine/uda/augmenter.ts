// Unlabelled texts and their augmented twins, drawn on demand: twin `copy` of text `index` depends on nothing but the
// seed and these two, so it can be previewed, trained on and drawn again.
import { WinnowError } from '../error.ts';
import { createRandom, deriveSeed, type Random } from '../random.ts';
import { badData } from '../text/table.ts';
import type { ClassificationExample } from '../text/types.ts';
import { alignWords, canReplace } from './back-translation.ts';
import { type Comparison, compareWords, isChanged } from './comparison.ts';
import { type CorpusStatistics, corpusStatistics } from './corpus.ts';
import { anyEdit, randomDeletion, randomInsertion, randomSwap, synonymReplacement } from './eda.ts';
import { formatPart, type Policy, type PolicyPart, usesSynonyms, type WordOperation } from './policy.ts';
import { tfIdfReplacement, uniformReplacement } from './replacement.ts';
import { spellingNoise } from './spelling.ts';
import { createSynonyms, type Synonyms } from './synonyms.ts';
import { joinWords, type Operation, splitText, unchanged, type Word, type WordSettings } from './words.ts';

export interface AugmenterOptions {
  readonly policy: Policy;
  /** The unlabelled texts, also the corpus of `tf_idf` and `unif`. */
  readonly examples: readonly ClassificationExample[];
  readonly wordSettings: WordSettings;
  /** null where `usesSynonyms(policy)` is false. */
  readonly synonyms: Synonyms | null;
  readonly seed: number;
}

export interface Augmenter {
  augment(index: number, copy: number): string;
  /** The same draw as `augment`, with what changed. */
  preview(index: number, copy: number): Comparison;
}

/** A text changed in one way; its words are made out where somebody asks. */
interface Twin {
  readonly text: string;
  readonly original: readonly string[];
  words(): readonly Word[];
}
type Way = (example: ClassificationExample, random: Random) => Twin;

/**
 * @throws WinnowError `bad-data` for no texts, pairs of texts or missing paraphrases; `bad-settings` for a part of the
 *   policy that changes none of the texts.
 */
export function createAugmenter(options: AugmenterOptions): Augmenter {
  const { policy, examples, seed } = options;
  checkExamples(policy, examples);
  const ways = createWays(options);
  const twin = (index: number, copy: number) => {
    const random = createRandom(deriveSeed(seed, index, copy));
    return ways[random.integer(ways.length)]!(examples[index]!, random);
  };
  for (const [i, way] of ways.entries()) checkChanges(policy[i]!, way, options);
  return {
    augment: (index, copy) => twin(index, copy).text,
    preview(index, copy) {
      const { original, words } = twin(index, copy);
      return compareWords(original, words());
    },
  };
}

function checkExamples(policy: Policy, examples: readonly ClassificationExample[]): void {
  if (examples.length === 0) {
    throw badData('unlabelled texts', 'expected some, got none', 'Label fewer per class, or add texts.');
  }
  const pairs = examples.filter(({ textPair }) => textPair !== undefined).length;
  if (pairs > 0) {
    throw badData('unlabelled texts', `expected single texts, got ${pairs} pairs`, 'Choose one column of text.');
  }
  const bare = examples.filter(({ augmentedText }) => augmentedText === undefined).length;
  if (bare === 0 || policy.every(({ kind }) => kind !== 'bt')) return;
  const what = `expected a paraphrase of each of the ${examples.length} texts, got ${examples.length - bare}`;
  const remedy = 'Translate them in the settings, choose a column of paraphrases in the data cell, or another policy.';
  throw badData('augmentation policy bt', what, remedy);
}

/** A twin equal to its original teaches nothing, and a whole run of them would look like a method that fails. */
function checkChanges(part: PolicyPart, way: Way, { examples, seed }: AugmenterOptions): void {
  const changes = (example: ClassificationExample, index: number) => {
    const { original, words } = way(example, createRandom(deriveSeed(seed, index, 0)));
    return isChanged(original, words());
  };
  if (examples.some(changes)) return;
  throw new WinnowError(
    'bad-settings',
    `augmentation policy ${formatPart(part)}: expected it to change texts, got ${examples.length} texts and none changed. Choose a stronger or another policy.`,
  );
}

function createWays({ policy, examples, wordSettings, synonyms }: AugmenterOptions): Way[] {
  const split = (text: string) => splitText(text, wordSettings).words;
  const needsCorpus = policy.some(({ kind }) => kind === 'tf_idf' || kind === 'unif');
  const corpus = corpusStatistics(needsCorpus ? documents(examples, split) : []);
  if (!synonyms && usesSynonyms(policy)) {
    throw new WinnowError('internal', 'augmenter: expected synonyms for a policy that uses them, got none.');
  }
  const resources = { corpus, synonyms: synonyms ?? createSynonyms([]) };
  return policy.map((part): Way => {
    if (part.kind === 'bt') return (example) => paraphrase(example, split);
    const operation = createOperation(part.kind, part.strength, resources);
    return ({ text }, random) => {
      const { words: original, gaps } = splitText(text, wordSettings);
      const words = operation(unchanged(original), random);
      return { text: joinWords(words, gaps), original, words: () => words };
    };
  });
}

function* documents(examples: readonly ClassificationExample[], split: (text: string) => readonly string[]) {
  for (const { text } of examples) yield split(text);
}

interface Resources {
  readonly corpus: CorpusStatistics;
  readonly synonyms: Synonyms;
}

function createOperation(kind: WordOperation, strength: number, { corpus, synonyms }: Resources): Operation {
  switch (kind) {
    case 'tf_idf':
      return tfIdfReplacement(corpus, strength);
    case 'unif':
      return uniformReplacement(corpus, strength);
    case 'eda':
      return anyEdit(synonyms, strength);
    case 'synonym':
      return synonymReplacement(synonyms, strength);
    case 'insert':
      return randomInsertion(synonyms, strength);
    case 'swap':
      return randomSwap(strength);
    case 'delete':
      return randomDeletion(strength);
    case 'spelling':
      return spellingNoise(strength);
    default:
      return kind satisfies never;
  }
}

function paraphrase(
  { text, augmentedText = text }: ClassificationExample,
  split: (text: string) => readonly string[],
): Twin {
  const chosen = canReplace(text, augmentedText) ? augmentedText : text;
  const original = split(text);
  return { text: chosen, original, words: () => alignWords(original, split(chosen)) };
}

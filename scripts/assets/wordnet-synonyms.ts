// WordNet's sets of synonyms as lines of words, for augmentation by synonyms. Left out is what would not fit where one
// word stood, or mean something else there:
//   all but single lower-case words;
//   words in a meaning that they seldom have, which EDA would use: "long" is not to be read as "yearn";
//   function words, whose meanings in WordNet are others than in texts ("a" is a vitamin, "it" is computing). These get
//   sets of their own: known, but without synonyms, lest "does" be looked up as more than one doe.
import { type PartOfSpeech, partsOfSpeech, readSenseCounts, readSynsets } from './wordnet.ts';

/** A meaning counts if a word has it at least this often, measured by its commonest one. */
const commonShare = 1 / 4;

const functionWords = new Set(
  `a an the this that these those some any each every either neither both all half such
   i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
   herself it its itself they them their theirs themselves who whom whose which what one
   am is are was were be been being have has had having do does did doing done can could may might must shall should
   will would ought
   and but or nor so yet if because as until while than whether though although unless since
   of at by for with about against between into through during before after above below to from up down in out on off
   over under upon per via within without
   not no never none nothing again further then once here there when where why how
   more most other only own same too very just now also else ever even still`.split(/\s+/),
);

/** A word in one of its meanings. */
interface Sense {
  readonly word: string;
  readonly set: string;
  readonly count: number;
}

/** Function words, then each set of WordNet that has at least two words, once, in its order. */
export function buildSynonymSets(dictionaryFolder: string): string[] {
  const senses = commonSenses(readSenses(dictionaryFolder));
  const wordsOf = new Map<string, string[]>();
  for (const { word, set } of senses) wordsOf.set(set, [...(wordsOf.get(set) ?? []), word]);
  const sets = [...wordsOf.values()].filter((words) => words.length > 1).map((words) => words.join(' '));
  return [...functionWords, ...new Set(sets)];
}

function readSenses(dictionaryFolder: string): Sense[] {
  const countOf = readSenseCounts(dictionaryFolder);
  const sensesOf = (partOfSpeech: PartOfSpeech) =>
    readSynsets(dictionaryFolder, partOfSpeech).flatMap(({ offset, lemmas }) =>
      [...new Set(lemmas)].filter(isPlainWord).map((word) => ({
        word,
        set: `${partOfSpeech} ${offset}`,
        count: countOf(word, partOfSpeech, offset),
      })),
    );
  return partsOfSpeech.flatMap(sensesOf);
}

/** All meanings of a word that none was ever counted of. */
export function commonSenses<T extends Pick<Sense, 'word' | 'count'>>(senses: readonly T[]): T[] {
  const most = new Map<string, number>();
  for (const { word, count } of senses) most.set(word, Math.max(count, most.get(word) ?? 0));
  return senses.filter(({ word, count }) => count >= commonShare * most.get(word)!);
}

const isPlainWord = (lemma: string) => /^[a-z]{2,}$/.test(lemma) && !functionWords.has(lemma);

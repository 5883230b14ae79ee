// Reads WordNet's files (format: wndb(5WN) of the WordNet manual): one line per synset,
//   offset lexfile n words(hex) {word lexId} pointers {symbol offset pos source/target} | gloss
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Synset {
  readonly offset: string;
  /** Lexicographer file, such as 6 (noun.artifact). */
  readonly lexFile: number;
  readonly lemmas: readonly string[];
  /** Offsets of the synsets it is a kind or an instance of. */
  readonly hypernyms: readonly string[];
  readonly gloss: string;
}

export interface Nouns {
  readonly synsets: ReadonlyMap<string, Synset>;
  /** Lemma to the offset of its first, most frequent sense. */
  readonly firstSense: ReadonlyMap<string, string>;
}

export const partsOfSpeech = ['noun', 'verb', 'adj', 'adv'] as const;
export type PartOfSpeech = (typeof partsOfSpeech)[number];

export function readSynsets(dictionaryFolder: string, partOfSpeech: PartOfSpeech): Synset[] {
  return dataLines(join(dictionaryFolder, `data.${partOfSpeech}`)).map(parseSynset);
}

export function readNouns(dictionaryFolder: string): Nouns {
  const synsets = new Map(readSynsets(dictionaryFolder, 'noun').map((synset) => [synset.offset, synset]));
  const firstSense = new Map<string, string>();
  for (const line of dataLines(join(dictionaryFolder, 'index.noun'))) {
    const [lemma, offset] = parseIndexLine(line);
    firstSense.set(lemma, offset);
  }
  return { synsets, firstSense };
}

/** How often a lemma was found with a meaning in WordNet's own tagged texts; `lemma` in lower case. */
export type SenseCounts = (lemma: string, partOfSpeech: PartOfSpeech, offset: string) => number;

/** The file index.sense (senseidx(5WN)): lines of `lemma%type:… offset senseNumber count`, type 5 a kind of adjective. */
export function readSenseCounts(dictionaryFolder: string): SenseCounts {
  const types = ['', ...partsOfSpeech, 'adj'];
  const keyOf = (lemma: string, partOfSpeech: string, offset: string) => `${lemma} ${partOfSpeech} ${offset}`;
  const counts = new Map<string, number>();
  for (const line of dataLines(join(dictionaryFolder, 'index.sense'))) {
    const [, lemma = '', type, offset = '', count] = /^(.+)%(\d).* (\d{8}) \d+ (\d+)$/.exec(line) ?? [];
    if (count !== '0') counts.set(keyOf(lemma, types[Number(type)]!, offset), Number(count));
  }
  return (lemma, partOfSpeech, offset) => counts.get(keyOf(lemma, partOfSpeech, offset)) ?? 0;
}

export function parseSynset(line: string): Synset {
  const [head = '', ...glosses] = line.split(' | ');
  const fields = head.trim().split(' ');
  const words = Number.parseInt(fields[3]!, 16);
  const pointersFrom = 4 + 2 * words;
  // An adjective may end in where it stands: `galore(ip)`.
  const lemmas = Array.from({ length: words }, (_, i) => fields[4 + 2 * i]!.replace(/\([a-z]+\)$/, ''));
  const hypernyms: string[] = [];
  for (let i = pointersFrom + 1; i + 3 < fields.length; i += 4) {
    if (fields[i] === '@' || fields[i] === '@i') hypernyms.push(fields[i + 1]!);
  }
  return { offset: fields[0]!, lexFile: Number(fields[1]), lemmas, hypernyms, gloss: glosses.join(' | ').trim() };
}

/** An index line ends in the lemma's synset offsets, the most frequent first; field 2 says how many. */
function parseIndexLine(line: string): [lemma: string, offset: string] {
  const fields = line.trim().split(' ');
  return [fields[0]!, fields[fields.length - Number(fields[2])]!];
}

/** The licence at the head of each file is indented by two spaces. */
function dataLines(path: string): string[] {
  return readFileSync(path, 'latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('  '));
}

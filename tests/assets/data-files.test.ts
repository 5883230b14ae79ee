// The built data sets, as the app serves them. They are built from the packages here and compared with public/data.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { spamAssassinFile, synonymFile, wordnetGlossesFile, wordnetQaFile } from '../../scripts/assets/data-files.ts';
import { maxCharacters } from '../../scripts/assets/spam-assassin.ts';
import { nearDuplicateKey } from '../../scripts/assets/splits.ts';
import type { SquadArticle } from '../../scripts/assets/wordnet-qa.ts';
import { questionsFromSquad } from '../../src/engine/text/questions.ts';
import { createSynonyms } from '../../src/engine/uda/synonyms.ts';
import { embeddedDataSchema, synonymFileSchema } from '../../src/hub/embedded-data.ts';

const splitNames = ['train', 'dev', 'test'] as const;
const mailFile = spamAssassinFile();
const glossFile = wordnetGlossesFile();
const questionFile = wordnetQaFile();
const synonyms = synonymFile();

describe.each([
  ['spam-assassin.json', mailFile, spamAssassinFile],
  ['wordnet-glosses.json', glossFile, wordnetGlossesFile],
  ['wordnet-qa.json', questionFile, wordnetQaFile],
  ['wordnet-synonyms.json', synonyms, synonymFile],
])('%s', (name, built, build) => {
  const path = join(import.meta.dirname, '../../public/data', name);

  it('comes out the same, byte for byte, when built again', { timeout: 60_000 }, () => {
    expect(build() === built).toBe(true);
  });

  it.skipIf(!existsSync(path))('is what public/data holds (skipped before `npm run assets`)', () => {
    expect(readFileSync(path, 'utf8') === built).toBe(true);
  });
});

function readClassification(file: string) {
  const data = embeddedDataSchema.parse(JSON.parse(file));
  if (data.kind !== 'text-classification') throw new Error('expected text-classification');
  const rows = splitNames.flatMap((split) =>
    data.splits[split].map(([id, text, label]) => ({ split, id, text, label })),
  );
  return { labels: data.labels, rows };
}

type Rows = ReturnType<typeof readClassification>['rows'];

function expectNothingTwice(rows: Rows): void {
  expect(new Set(rows.map(({ text }) => text)).size).toBe(rows.length);
  const homes = new Map<string, Set<string>>();
  for (const { split, text, label } of rows) {
    const key = nearDuplicateKey(text);
    homes.set(key, (homes.get(key) ?? new Set()).add(`${split} ${label}`));
  }
  expect([...homes.values()].filter((home) => home.size > 1)).toEqual([]);
}

describe('the mail data set', () => {
  const { rows } = readClassification(mailFile);

  it('has the counts that the documents state', () => {
    const count = (split: string, label: number) =>
      rows.filter((row) => row.split === split && row.label === label).length;
    expect(splitNames.map((split) => [count(split, 0), count(split, 1)])).toEqual([
      [2876, 1099],
      [411, 158],
      [822, 315],
    ]);
  });

  it('has each text once, and near-duplicates in one split under one label', () => {
    expectNothingTwice(rows);
  });

  it('holds text only: no transport headers, no markup, nothing empty or overlong', () => {
    const suspicious = /^[>\s]*(received|return-path|x-mailer|delivered-to):|<(html|body|table|font|br)\b/im;
    expect(rows.filter(({ text }) => suspicious.test(text)).map(({ id }) => id)).toEqual([]);
    expect(rows.filter(({ text }) => text.trim() === '' || text.length > maxCharacters)).toEqual([]);
  });
});

describe('the glosses', () => {
  const { labels, rows } = readClassification(glossFile);

  it('are as many of each of six kinds, in at most 1.5 MB compressed', () => {
    expect(labels).toEqual(['animal', 'artifact', 'food', 'location', 'person', 'plant']);
    const count = (split: string, label: number) =>
      rows.filter((row) => row.split === split && row.label === label).length;
    expect(splitNames.map((split) => labels.map((_, label) => count(split, label)))).toEqual([
      Array(6).fill(1750),
      Array(6).fill(250),
      Array(6).fill(500),
    ]);
    expect(gzipSync(glossFile).length).toBeLessThan(1.5e6);
  });

  it('have each text once, and near-duplicates in one split under one label', () => {
    expectNothingTwice(rows);
  });

  it('are definitions of at least three words, without examples', () => {
    expect(rows.filter(({ text }) => text.includes('"') || text.split(' ').length < 3)).toEqual([]);
  });
});

describe('the synonyms', () => {
  const { sets } = synonymFileSchema.parse(JSON.parse(synonyms));
  const table = createSynonyms(sets);

  it('are sets of plain words, in less than 200 kB compressed', () => {
    expect(sets.filter((set) => !/^[a-z]+( [a-z]{2,})*$/.test(set))).toEqual([]);
    expect(gzipSync(synonyms).length).toBeLessThan(200_000);
  });

  it('hold what WordNet says of a word in its common meanings, and of its base form', () => {
    expect(table.of('film')).toEqual(['cinema', 'celluloid', 'movie', 'pic']);
    expect(table.of('long')).not.toContain('yearn');
    expect(table.of('yearn')).toContain('hanker');
    expect(table.of('movies')).toEqual(table.of('movie'));
    expect(table.of('quickly')).toContain('rapidly');
  });

  it('have nothing on function words and negations', () => {
    expect(['a', 'it', 'his', 'does', 'not', 'no', 'never'].flatMap((word) => table.of(word))).toEqual([]);
  });
});

describe('the glossary data set', () => {
  const data = embeddedDataSchema.parse(JSON.parse(questionFile));
  if (data.kind !== 'question-answering') throw new Error('expected question-answering');
  const splits = splitNames.map((split) => questionsFromSquad(split, data.splits[split]));
  const examples = splits.flat();

  it('has 6,000, 501 and 1,002 questions with ids of their own, in less than 4 MB', () => {
    expect(splits.map((questions) => questions.length)).toEqual([6000, 501, 1002]);
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    expect(questionFile.length).toBeLessThan(4e6);
  });

  it('has every answer where it says, and nowhere at a fixed place', () => {
    for (const { context, answers } of examples) {
      const { text, answer_start } = answers[0]!;
      expect(context.slice(answer_start, answer_start + text.length)).toBe(text);
    }
    const first = examples.filter(({ answers }) => answers[0]!.answer_start === 0).length;
    expect(first / examples.length).toBeLessThan(0.25);
  });

  it('defines no term in two splits', () => {
    const termsOf = (articles: readonly SquadArticle[]) =>
      articles.flatMap(({ paragraphs }) =>
        paragraphs.flatMap(({ context }) => context.match(/(?<=^|\. )[^.:]+(?=: )/g) ?? []),
      );
    const terms = splitNames.map((split) => new Set(termsOf(data.splits[split].data as SquadArticle[])));
    expect(terms.every((split) => split.size > 500)).toBe(true);
    expect(new Set(terms.flatMap((split) => [...split])).size).toBe(terms.reduce((sum, split) => sum + split.size, 0));
  });
});

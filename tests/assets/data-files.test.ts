// The built data sets, as the app serves them. They are built from the packages here and compared with public/data.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spamAssassinFile, wordnetQaFile } from '../../scripts/assets/data-files.ts';
import { maxCharacters, nearDuplicateKey } from '../../scripts/assets/spam-assassin.ts';
import type { SquadArticle } from '../../scripts/assets/wordnet-qa.ts';
import { questionsFromSquad } from '../../src/engine/text/questions.ts';
import { embeddedDataSchema } from '../../src/hub/embedded-data.ts';

const splitNames = ['train', 'dev', 'test'] as const;
const mailFile = spamAssassinFile();
const questionFile = wordnetQaFile();

describe.each([
  ['spam-assassin.json', mailFile, spamAssassinFile],
  ['wordnet-qa.json', questionFile, wordnetQaFile],
])('%s', (name, built, build) => {
  const path = join(import.meta.dirname, '../../public/data', name);

  it('comes out the same, byte for byte, when built again', { timeout: 60_000 }, () => {
    expect(build() === built).toBe(true);
  });

  it.skipIf(!existsSync(path))('is what public/data holds (skipped before `npm run assets`)', () => {
    expect(readFileSync(path, 'utf8') === built).toBe(true);
  });
});

describe('the mail data set', () => {
  const data = embeddedDataSchema.parse(JSON.parse(mailFile));
  if (data.kind !== 'text-classification') throw new Error('expected text-classification');
  const rows = splitNames.flatMap((split) =>
    data.splits[split].map(([id, text, label]) => ({ split, id, text, label })),
  );

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
    expect(new Set(rows.map(({ text }) => text)).size).toBe(rows.length);
    const homes = new Map<string, Set<string>>();
    for (const { split, text, label } of rows) {
      const key = nearDuplicateKey(text);
      homes.set(key, (homes.get(key) ?? new Set()).add(`${split} ${label}`));
    }
    expect([...homes.values()].filter((home) => home.size > 1)).toEqual([]);
  });

  it('holds text only: no transport headers, no markup, nothing empty or overlong', () => {
    const suspicious = /^[>\s]*(received|return-path|x-mailer|delivered-to):|<(html|body|table|font|br)\b/im;
    expect(rows.filter(({ text }) => suspicious.test(text)).map(({ id }) => id)).toEqual([]);
    expect(rows.filter(({ text }) => text.trim() === '' || text.length > maxCharacters)).toEqual([]);
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

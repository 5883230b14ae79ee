import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset, QuestionDataset } from '../../src/engine/text/types.ts';
import { dealMissingSplits } from '../../src/hub/deal-splits.ts';

const example = (text: string) => ({ id: text, text, label: 0 });
const texts = (...names: string[]) => names.map(example);
const numbered = (count: number) => texts(...Array.from({ length: count }, (_, i) => `text ${i}`));
const dataset = (splits: Partial<ClassificationDataset['splits']>): ClassificationDataset => ({
  kind: 'text-classification',
  labels: ['no', 'yes'],
  splits: { train: [], dev: [], test: [], ...splits },
});
const sizes = ({ splits }: { splits: ClassificationDataset['splits'] | QuestionDataset['splits'] }) => [
  splits.train.length,
  splits.dev.length,
  splits.test.length,
];

describe('dealMissingSplits', () => {
  it('keeps splits that the files bring', () => {
    const given = dataset({ train: texts('a'), dev: texts('b'), test: texts('c') });
    expect(dealMissingSplits(given).dataset).toBe(given);
  });

  it('deals one file 80 : 10 : 10, the same way each time', () => {
    const first = dealMissingSplits(dataset({ train: numbered(50) }));
    expect(sizes(first.dataset)).toEqual([40, 5, 5]);
    expect(dealMissingSplits(dataset({ train: numbered(50) }))).toEqual(first);
    expect(first.note).toContain('dev and test: a tenth of the training examples each');
  });

  it('deals a lone file called test or dev like any other', () => {
    expect(sizes(dealMissingSplits(dataset({ test: numbered(20) })).dataset)).toEqual([16, 2, 2]);
  });

  it('draws only the split that is missing', () => {
    const given = dataset({ train: numbered(20), test: texts('other') });
    const { dataset: dealt, note } = dealMissingSplits(given);
    expect(sizes(dealt)).toEqual([18, 2, 1]);
    expect(dealt.splits.test).toEqual(given.splits.test);
    expect(note).toContain('dev: a tenth');
  });

  it('loses no example, repeats none, and never parts equal texts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 80 }), (values) => {
        const train = values.map((value, i) => ({ id: String(i), text: `text ${value}`, label: 0 }));
        const { splits } = dealMissingSplits(dataset({ train })).dataset as ClassificationDataset;
        const all = [...splits.train, ...splits.dev, ...splits.test];
        expect(all.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(values.map((_, i) => i));
        const homes = Object.values(splits).map((examples) => new Set(examples.map(({ text }) => text)));
        expect(homes.reduce((sum, home) => sum + home.size, 0)).toBe(new Set(values).size);
      }),
    );
  });

  it('keeps the questions of one article together where there are many articles', () => {
    const questions = Array.from({ length: 120 }, (_, i) => ({
      id: String(i),
      title: `article ${Math.floor(i / 4)}`,
      context: `context ${i}`,
      question: 'What?',
      answers: [],
    }));
    const given: QuestionDataset = { kind: 'question-answering', splits: { train: questions, dev: [], test: [] } };
    const { splits } = dealMissingSplits(given).dataset as QuestionDataset;
    const titles = Object.values(splits).map((examples) => new Set(examples.map(({ title }) => title)));
    expect(titles.map((split) => split.size)).toEqual([24, 3, 3]);
    expect(new Set(titles.flatMap((split) => [...split])).size).toBe(30);
  });
});

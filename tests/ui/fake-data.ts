// Data sets of the sizes that the fake worker tells of, and a tokenizer that lacks some of their words.
import type { Dataset, SplitName } from '../../src/engine/text/types.ts';
import { createTokenizer } from '../../src/engine/text/wordpiece.ts';
import type { DataDescription } from '../../src/runs/protocol.ts';

const words =
  'the list procmail patch test mail folder still fails here we have tried recipe from manual page free offer reply now claim your rate no credit check'.split(
    ' ',
  );
const pieces = ['##s', '##ed', '##ing', '##ly', ...'abcdefghijklmnopqrstuvwxyz'.split('')];
const continued = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `##${letter}`);

export const fakeTokenizer = createTokenizer({
  vocabulary: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '.', ',', '!', ...words, ...pieces, ...continued],
});

/** Texts of 4 to some 120 words, most of them short. */
export function fakeDataset({ task, labels, counts }: Pick<DataDescription, 'task' | 'labels' | 'counts'>): Dataset {
  const textOf = (split: SplitName, index: number) => {
    const length = 4 + Math.floor(120 * ((index * 0.618) % 1) ** 4);
    const chosen = Array.from({ length }, (_, i) => words[(index * 7 + i * i + split.length) % words.length]);
    return `${chosen.join(' ')}${index % 9 === 0 ? ' 🐢 naïve!' : '.'}`;
  };
  const examples = <T>(of: (split: SplitName, index: number) => T) => ({
    train: Array.from({ length: counts.train }, (_, index) => of('train', index)),
    dev: Array.from({ length: counts.dev }, (_, index) => of('dev', index)),
    test: Array.from({ length: counts.test }, (_, index) => of('test', index)),
  });
  if (task === 'text-classification') {
    const label = (index: number) => ((index * index) % 7) % labels.length;
    const splits = examples((split, index) => ({
      id: `${split}:${index}`,
      text: textOf(split, index),
      label: label(index),
    }));
    return { kind: 'text-classification', labels, splits };
  }
  const splits = examples((split, index) => {
    const context = textOf(split, index);
    const text = context.split(' ').slice(1, 3).join(' ');
    const answer_start = context.indexOf(text) + (split === 'train' && index % 40 === 3 ? 1 : 0);
    return {
      id: `${index}`,
      title: '',
      question: 'What does the list say?',
      context,
      answers: [{ text, answer_start }],
    };
  });
  return { kind: 'question-answering', splits };
}

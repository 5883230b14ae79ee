import { describe, expect, it } from 'vitest';
import { questionsFromSquad, questionsFromTable } from '../../../src/engine/text/questions.ts';
import { readTable } from '../../../src/engine/text/table.ts';

const squad = (qas: unknown, context = 'The fox ran.') => ({
  version: '1.1',
  data: [{ title: 'Fox', paragraphs: [{ context, qas }] }],
});
const answered = (answer_start: number, text: string) => [
  { id: 'q1', question: 'Who?', answers: [{ text, answer_start }] },
];

describe('questions', () => {
  it('come from SQuAD 1.1 and 2.0', () => {
    const impossible = { id: 'q2', question: 'Why?', is_impossible: true, answers: [], plausible_answers: [] };
    expect(questionsFromSquad('dev.json', squad([...answered(4, 'fox'), impossible]))).toEqual([
      {
        id: 'q1',
        title: 'Fox',
        context: 'The fox ran.',
        question: 'Who?',
        answers: [{ text: 'fox', answer_start: 4 }],
      },
      { id: 'q2', title: 'Fox', context: 'The fox ran.', question: 'Why?', answers: [] },
    ]);
  });

  it("come from rows with squad's columns, answers as parallel lists or as objects", () => {
    const rows = [
      { id: 'q1', title: 'Fox', context: 'A fox.', question: 'Who?', answers: { text: ['fox'], answer_start: [2] } },
      { context: 'A fox.', question: 'Why?', answers: [{ text: 'A', answer_start: 0 }] },
    ];
    const table = readTable('train.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(questionsFromTable(table)).toEqual([
      { id: 'q1', title: 'Fox', context: 'A fox.', question: 'Who?', answers: [{ text: 'fox', answer_start: 2 }] },
      { id: '2', title: '', context: 'A fox.', question: 'Why?', answers: [{ text: 'A', answer_start: 0 }] },
    ]);
  });

  it('count answers in UTF-16 units, though Python counts code points', () => {
    const start = (answer_start: number) => {
      return questionsFromSquad('dev.json', squad(answered(answer_start, 'fox'), '😀😀 fox'))[0]!.answers[0]!
        .answer_start;
    };
    expect(start(3)).toBe(5); // as Python writes it
    expect(start(5)).toBe(5); // as JavaScript writes it
  });

  it.each([
    [{ data: [{ paragraphs: [{ qas: [] }] }] }, 'dev.json at data.0.paragraphs.0.context: '],
    [
      squad([{ id: 'q', question: 'Who?', answers: [{ text: 'fox' }] }]),
      'at data.0.paragraphs.0.qas.0.answers.0.answer_start',
    ],
    [squad([]), 'dev.json: expected questions, got none.'],
  ])('refuse damaged files, naming the place', (json, message) => {
    expect(() => questionsFromSquad('dev.json', json)).toThrow(message);
  });

  it('refuse damaged rows, naming the row', () => {
    const answers = { text: ['fox'], answer_start: [] };
    const table = readTable('a.jsonl', JSON.stringify({ context: 'c', question: 'q', answers }));
    expect(() => questionsFromTable(table)).toThrow(/^a\.jsonl row 1 at answers: .*Give it SQuAD's form/);
  });
});

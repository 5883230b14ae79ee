import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../../src/engine/error.ts';
import { readTable } from '../../../src/engine/text/table.ts';

describe('reading tables', () => {
  it('CSV keeps commas, quotes and line ends inside quoted fields', () => {
    const table = readTable('a.csv', '\ufefftext,label\r\n"He said ""no"",\nthen left",1\r\n\r\nfine,0\r\n');
    expect(table).toEqual({
      fileName: 'a.csv',
      columns: ['text', 'label'],
      hasHeader: true,
      rows: [
        { text: 'He said "no",\nthen left', label: '1' },
        { text: 'fine', label: '0' },
      ],
    });
  });

  it('what was written as CSV reads back, whatever is in it', () => {
    const cells = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'b,"', '\n')), {
      minLength: 1,
    });
    fc.assert(
      fc.property(cells, (rows) => {
        const text = Papa.unparse([['text', 'label'], ...rows], { quotes: true });
        expect(readTable('a.csv', text).rows).toEqual(rows.map(([cell, label]) => ({ text: cell, label })));
      }),
    );
  });

  it.each([
    ['a number among the first cells', 'good film\t1\nbad film\t0', false],
    ['a value that recurs', 'good film\tpos\nbad film\tneg\nfine\tpos', false],
    ["a name of the field's", 'Sentence\tverdict\ngood film\tpos', true],
    ['names that occur once', 'mail\tverdict\nhello\tham\nbuy now\tspam', true],
  ])('sees by %s whether there is a header', (_, text, hasHeader) => {
    const table = readTable('a.tsv', text);
    expect(table.hasHeader).toBe(hasHeader);
    expect(table.columns).toEqual(hasHeader ? text.split('\n')[0]!.split('\t') : ['column 1', 'column 2']);
    expect(table.rows).toHaveLength(text.split('\n').length - (hasHeader ? 1 : 0));
  });

  it('believes what it is told about the header', () => {
    expect(readTable('a.tsv', 'good film\t1\nbad film\t0', true).columns).toEqual(['good film', '1']);
  });

  it('takes the quotes of a TSV that does not pair them as letters', () => {
    expect(readTable('a.tsv', '"the room" is bad\t0\n12" vinyl\t1').rows).toEqual([
      { 'column 1': '"the room" is bad', 'column 2': '0' },
      { 'column 1': '12" vinyl', 'column 2': '1' },
    ]);
  });

  it('reads a table of a hundred thousand columns in no time', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',');
    expect(readTable('wide.csv', `${names}\n${names}`, true).columns).toHaveLength(100_000);
  }, 5000);

  it('JSON lines and arrays name their columns themselves', () => {
    const rows = [
      { text: 'x', label: 1 },
      { text: 'y', note: null },
    ];
    const expected = { columns: ['text', 'label', 'note'], hasHeader: null, rows };
    expect(readTable('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n\n'))).toMatchObject(expected);
    expect(readTable('a.json', JSON.stringify(rows, null, 2))).toMatchObject(expected);
  });

  it.each([
    ['a.csv', 'text,label\nx,1\na, b,0', 'a.csv row 2: expected 2 fields, got 3. Quote fields'],
    ['a.csv', 'text,label\n"x,1', 'a.csv line 2: expected well-formed CSV, got "Quoted field unterminated".'],
    ['a.csv', 'text,text\nx,1', 'a.csv: expected different column names, got "text" twice.'],
    ['a.csv', 'text,label\n', 'a.csv: expected rows of data, got none.'],
    ['a.tsv', '', 'a.tsv: expected rows of data, got none.'],
    ['a.jsonl', '{"text": "x"}\n{"text": ', 'a.jsonl line 2: expected JSON, got '],
    ['a.jsonl', '7', 'a.jsonl line 1: expected an object of columns, got 7.'],
    ['a.json', '[1]', 'a.json row 1: expected an object of columns, got 1.'],
    ['a.json', `[${'['.repeat(200)}${']'.repeat(201)}`, 'got "more than 100 levels of nesting"'],
    ['a.parquet', 'PAR1', 'a.parquet: expected .csv, .tsv, .jsonl or .json, got another ending.'],
  ])('refuses %s with %j', (fileName, text, message) => {
    expect(() => readTable(fileName, text)).toThrow(message);
    expect(() => readTable(fileName, text)).toThrow(WinnowError);
  });
});

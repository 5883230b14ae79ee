// Parquet files written here by hyparquet-writer, in the form that Hugging Face datasets gives them.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { buildDataset, type DataFile, readDataFile } from '../../../src/engine/text/datasets.ts';
import { openParquet } from '../../../src/engine/text/parquet.ts';

const texts = Array.from({ length: 50 }, (_, i) => `review number ${i}, naïve 🐢`);
const labels = texts.map((_, i) => BigInt(i % 3));
const columns = [
  { name: 'text', data: texts, type: 'STRING' as const },
  { name: 'label', data: labels, type: 'INT64' as const },
];
const features = {
  text: { dtype: 'string', _type: 'Value' },
  label: { names: ['no', 'yes', 'maybe'], _type: 'ClassLabel' },
};
const note = { key: 'huggingface', value: JSON.stringify({ info: { features } }) };

type Options = Partial<Parameters<typeof parquetWriteBuffer>[0]>;
const write = (options: Options = {}) => parquetWriteBuffer({ columnData: columns, ...options });

/** The file, and a list of the bytes [start, end) that were read of it. */
function watched(buffer: ArrayBuffer) {
  const reads: [number, number][] = [];
  const slice = (start: number, end = buffer.byteLength) => {
    reads.push([start, end]);
    return buffer.slice(start, end);
  };
  return { file: { byteLength: buffer.byteLength, slice }, reads };
}

const open = (buffer: ArrayBuffer) => openParquet('rows.parquet', watched(buffer).file);

async function tableOf(fileName: string, buffer: ArrayBuffer): Promise<DataFile> {
  const { columns: names, classNames, rowCount, readRows } = await openParquet(fileName, watched(buffer).file);
  const rows = await readRows(0, rowCount);
  return { kind: 'table', table: { fileName, columns: names, hasHeader: null, rows, classNames } };
}

/** A zstd frame whose blocks are not packed at all (RFC 8878, 3.1.1.2): Node 20 has no zstd to write a smaller one. */
function rawZstd(input: Uint8Array): Uint8Array {
  const frame = new Uint8Array(12 + input.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  frame[4] = 0xa0; // one segment, its size in four bytes
  view.setUint32(5, input.length, true);
  frame.set([1 | ((input.length << 3) & 0xff), (input.length >> 5) & 0xff, (input.length >> 13) & 0xff], 9);
  frame.set(input, 12);
  return frame;
}

describe('openParquet', () => {
  it('says columns, rows and the bytes of each row group', async () => {
    const buffer = write({ rowGroupSize: 20 });
    const { columns: names, rowCount, rowGroups } = await open(buffer);
    expect(names).toEqual(['text', 'label']);
    expect(rowCount).toBe(50);
    expect(rowGroups.map(({ from, to }) => [from, to])).toEqual([
      [0, 20],
      [20, 40],
      [40, 50],
    ]);
    expect(rowGroups[0]!.startByte).toBe(4); // after PAR1
    expect(rowGroups.every((group, i) => i === 0 || group.startByte >= rowGroups[i - 1]!.endByte)).toBe(true);
    expect(rowGroups.at(-1)!.endByte).toBeLessThan(buffer.byteLength);
  });

  it('reads of a few rows their row group alone', async () => {
    const { file, reads } = watched(write({ rowGroupSize: 20 }));
    const { rowGroups, readRows } = await openParquet('rows.parquet', file);
    reads.length = 0;
    expect(await readRows(25, 27)).toEqual([
      { text: texts[25], label: 1 },
      { text: texts[26], label: 2 },
    ]);
    const { startByte, endByte } = rowGroups[1]!;
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.every(([start, end]) => start >= startByte && end <= endByte)).toBe(true);
  });

  it.each([
    ['UNCOMPRESSED', null],
    ['SNAPPY', null],
    ['GZIP', gzipSync],
    ['BROTLI', brotliCompressSync],
    ['ZSTD', rawZstd],
  ] as const)('unpacks %s', async (codec, pack) => {
    const compressors = pack ? { [codec]: (input: Uint8Array) => new Uint8Array(pack(input)) } : undefined;
    const { readRows } = await open(write({ codec, ...(compressors && { compressors }) }));
    expect((await readRows(0, 50)).map(({ text }) => text)).toEqual(texts);
  });

  it('gives classes by the names that datasets notes, and other integers as they are', async () => {
    const { classNames, readRows } = await open(write({ kvMetadata: [note] }));
    expect(classNames).toEqual({ label: ['no', 'yes', 'maybe'] });
    expect(await readRows(0, 4)).toMatchObject([
      { label: 'no' },
      { label: 'yes' },
      { label: 'maybe' },
      { label: 'no' },
    ]);
    const hidden = [{ name: 'label', data: [-1n, 7n], type: 'INT64' as const }];
    const beyond = await open(write({ columnData: hidden, kvMetadata: [note] }));
    expect(await beyond.readRows(0, 2)).toEqual([{ label: -1 }, { label: 7 }]);
  });

  it('keeps integers beyond 2⁵³ whole, as text', async () => {
    const ids = [2n ** 60n + 1n, 3n];
    const { readRows } = await open(write({ columnData: [{ name: 'id', data: ids, type: 'INT64' }] }));
    expect(await readRows(0, 2)).toEqual([{ id: '1152921504606846977' }, { id: 3 }]);
  });

  it('takes a note that is not datasets’ for none', async () => {
    const { classNames } = await open(write({ kvMetadata: [{ key: 'huggingface', value: '{"info":' }] }));
    expect(classNames).toEqual({});
  });
});

describe('the same data as JSON lines and as parquet', () => {
  const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  const build = (file: DataFile, task: 'text-classification' | 'question-answering') =>
    JSON.parse(JSON.stringify(buildDataset([file], { task, columns: {} })).replaceAll('.jsonl', '.parquet'));

  it('are the same labelled texts', async () => {
    const json = readDataFile('train.jsonl', lines(texts.map((text, i) => ({ text, label: i % 3 }))));
    const parquet = await tableOf('train.parquet', write());
    expect(build(parquet, 'text-classification')).toEqual(build(json, 'text-classification'));
  });

  it('are the same questions', async () => {
    const rows = [
      {
        id: 'a',
        title: 't',
        context: 'Ann met Bob.',
        question: 'Who?',
        answers: { text: ['Bob', 'Ann'], answer_start: [8, 0] },
      },
      { id: 'b', title: 't', context: 'Ann met Bob.', question: 'Why?', answers: { text: [], answer_start: [] } },
    ];
    const list = (name: string, child: object) => [
      { name, converted_type: 'LIST' as const, repetition_type: 'OPTIONAL' as const, num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL' as const, ...child },
    ];
    const string = { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const };
    const names = ['id', 'title', 'context', 'question'] as const;
    const schema = [
      { name: 'root', num_children: 5 },
      ...names.map((name) => ({ name, repetition_type: 'OPTIONAL' as const, ...string })),
      { name: 'answers', repetition_type: 'OPTIONAL' as const, num_children: 2 },
      ...list('text', string),
      ...list('answer_start', { type: 'INT32' as const }),
    ];
    const columnData = [
      ...names.map((name) => ({ name, data: rows.map((row) => row[name]) })),
      { name: 'answers', data: rows.map(({ answers }) => answers) },
    ];
    const parquet = await tableOf('train.parquet', parquetWriteBuffer({ schema, columnData }));
    const json = readDataFile('train.jsonl', lines(rows));
    expect(build(parquet, 'question-answering')).toEqual(build(json, 'question-answering'));
  });

  it('have the classes in the order of their numbers where parquet names them, one without an example included', async () => {
    const few = [
      { name: 'text', data: ['a', 'b'] },
      { name: 'label', data: [1n, 0n], type: 'INT64' as const },
    ];
    const file = await tableOf('train.parquet', write({ columnData: few, kvMetadata: [note] }));
    const dataset = buildDataset([file], { task: 'text-classification', columns: {} });
    expect(dataset).toMatchObject({ labels: ['no', 'yes', 'maybe'], splits: { train: [{ label: 1 }, { label: 0 }] } });
  });
});

describe('openParquet refuses with bad-data', () => {
  const whole = write();
  const refusal = (message: RegExp) => ({ code: 'bad-data', message: expect.stringMatching(message) });

  it('a file that is cut off, or none', async () => {
    await expect(open(whole.slice(0, -40))).rejects.toMatchObject(refusal(/rows\.parquet: expected .* ends with PAR1/));
    await expect(open(new ArrayBuffer(0))).rejects.toMatchObject(refusal(/ends with PAR1/));
  });

  it('a broken footer, and broken pages', async () => {
    const footer = whole.slice(0);
    new DataView(footer).setUint32(footer.byteLength - 8, 2 ** 30, true);
    await expect(open(footer)).rejects.toMatchObject(refusal(/expected a whole parquet file, got "/));
    const pages = whole.slice(0);
    new Uint8Array(pages).fill(0xff, 4, 200);
    const { readRows } = await open(pages);
    await expect(readRows(0, 50)).rejects.toMatchObject(refusal(/expected a whole parquet file, got "/));
  });

  it('an encrypted footer', async () => {
    const locked = whole.slice(0);
    new Uint8Array(locked).set(new TextEncoder().encode('PARE'), locked.byteLength - 4);
    await expect(open(locked)).rejects.toMatchObject(refusal(/got an encrypted one\. Write it without/));
  });

  it('a codec that nothing here unpacks', async () => {
    const asIs = (input: Uint8Array) => input;
    const packed = write({ codec: 'LZO', compressors: Object.fromEntries([['LZO', asIs]]) });
    await expect(open(packed)).rejects.toMatchObject(refusal(/got LZO\. Write it anew/));
  });
});

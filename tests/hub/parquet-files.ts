// Data sets as the Hub converts them: parquet of small row groups, with the features that `datasets` notes.
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Reviews with two classes, sorted by them as IMDb is; or all with one label, such as −1 for none. */
export function reviewTable(rows: number, rowGroupSize: number, name = 'film', label?: number): Uint8Array {
  const numbers = Array.from({ length: rows }, (_, i) => i);
  const features = { text: { dtype: 'string', _type: 'Value' }, label: { names: ['neg', 'pos'], _type: 'ClassLabel' } };
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'text', data: numbers.map((i) => `a ${i < rows / 2 ? 'bad' : 'good'} ${name} ${i}`), type: 'STRING' },
      { name: 'label', data: numbers.map((i) => BigInt(label ?? (i < rows / 2 ? 0 : 1))), type: 'INT64' },
    ],
    rowGroupSize,
    codec: 'UNCOMPRESSED',
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
  });
  return new Uint8Array(buffer);
}

/** Questions in squad's columns: each context asks for its number. */
export function questionTable(rows: number, rowGroupSize: number): Uint8Array {
  const numbers = Array.from({ length: rows }, (_, i) => i);
  const contexts = numbers.map((i) => `the plot of film ${i} is very good`);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'id', data: numbers.map(String) },
      { name: 'title', data: numbers.map((i) => `Film ${i >> 2}`) },
      { name: 'context', data: contexts },
      { name: 'question', data: numbers.map((i) => `which film is very good ${i}`) },
      { name: 'answers', data: numbers.map((i) => ({ text: [`film ${i}`], answer_start: [12] })) },
    ],
    schema: [
      { name: 'root', num_children: 5 },
      ...['id', 'title', 'context', 'question'].map((name) => ({ name, ...text })),
      { name: 'answers', num_children: 2, repetition_type: 'OPTIONAL' as const },
      ...listOf('text', text),
      ...listOf('answer_start', { type: 'INT32' as const }),
    ],
    rowGroupSize,
    codec: 'UNCOMPRESSED',
  });
  return new Uint8Array(buffer);
}

const text = { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type: 'OPTIONAL' as const };

function listOf(name: string, element: object) {
  return [
    { name, num_children: 1, converted_type: 'LIST' as const, repetition_type: 'OPTIONAL' as const },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' as const },
    { name: 'element', repetition_type: 'OPTIONAL' as const, ...element },
  ];
}

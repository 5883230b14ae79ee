import { parquetWriteBuffer } from 'hyparquet-writer';
import { it } from 'vitest';
import { openParquet } from '../../src/engine/text/parquet.ts';
import { questionTable, reviewTable } from '../hub/parquet-files.ts';
import { attack } from './attack.ts';
import { mutateBytes } from './mutate.ts';

const texts = Array.from({ length: 20 }, (_, i) => (i % 5 ? `a good film ${i % 3}` : null));
const packed = parquetWriteBuffer({
  columnData: [
    { name: 'text', data: texts, type: 'STRING' },
    { name: 'n', data: texts.map((_, i) => i), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
    { name: 'name', data: texts.map((_, i) => `name ${i}`), type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' },
    { name: 'is', data: texts.map((_, i) => i > 9), type: 'BOOLEAN' },
  ],
  codec: 'SNAPPY',
});
const tables = [reviewTable(12, 5), questionTable(4, 4), new Uint8Array(packed)];

it('openParquet and its rows answer 10,000 broken files with values or a plain refusal', () =>
  attack('parquet', {
    cases: 10_000,
    make(random) {
      const table = tables[random.integer(tables.length)]!;
      // Half of them keep their footer's end, so that more than the last four bytes is read.
      const isEndKept = random.integer(2) === 0;
      const broken = mutateBytes(random, isEndKept ? table.subarray(0, table.length - 8) : table);
      const { buffer } = isEndKept ? Uint8Array.from([...broken, ...table.subarray(table.length - 8)]) : broken;
      const file = { byteLength: buffer.byteLength, slice: (from: number, to?: number) => buffer.slice(from, to) };
      const read = async () => {
        const { rowCount, readRows } = await openParquet('rows.parquet', file);
        await readRows(0, rowCount);
      };
      return { size: buffer.byteLength, read };
    },
  }));

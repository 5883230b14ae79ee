// A Vite plugin: hyparquet 1.33 believes the counts that a file claims. Some bytes of a stranger's file can make it fill
// the memory or count for ever, which no handler of errors ends. Each guard here bounds a claim by what is there.
import { basename } from 'node:path';
import type { Plugin } from 'vite';

type Guard = readonly [found: string, guarded: string];

const guards: Readonly<Record<string, readonly Guard[]>> = {
  'thrift.js': [
    ['const values = new Array(listSize)', 'const values = []'],
    ['shift += 7n', "if ((shift += 7n) > 63n) throw new Error('thrift number of more than 64 bits')"],
  ],
  'encoding.js': [
    ['const count = header >>> 1', 'const count = Math.min(header >>> 1, output.length - seen)'],
    ['let count = header >> 1 << 3', 'let count = Math.min((header >>> 1) * 8, output.length - seen)'],
  ],
  'delta.js': [
    [
      'const valuesPerMiniblock = blockSize / miniblockPerBlock',
      `if (!(blockSize > 0 && miniblockPerBlock > 0 && miniblockPerBlock <= reader.view.byteLength)) {
        throw new Error('parquet delta blocks of no size')
      }
      const valuesPerMiniblock = blockSize / miniblockPerBlock`,
    ],
    [
      'for (let i = 0; i < count; i++) {\n    const suffix =',
      `const repeated = prefixData.reduce((sum, length) => sum + Math.max(0, length), 0)
      if (repeated > 2 ** 26 + 100 * reader.view.byteLength) throw new Error('parquet strings that repeat too much')
      for (let i = 0; i < count; i++) {\n    const suffix =`,
    ],
  ],
  'rowgroup.js': [observed('asyncColumns'), observed('assembled')],
  // Every page's counts and sizes against those of its column, which src/engine/text/parquet.ts has checked.
  'column.js': [
    [
      'const header = parquetHeader(reader)',
      `const header = parquetHeader(reader)
      const v2 = header.data_page_header_v2
      const values = header.data_page_header ?? v2 ?? header.dictionary_page_header
      for (const [size, most] of [
        [header.compressed_page_size, reader.view.byteLength - reader.offset],
        [header.uncompressed_page_size, Number(columnDecoder.total_uncompressed_size)],
        [values?.num_values, Number(columnDecoder.num_values)],
        ...(v2 ? [[v2.num_nulls, v2.num_values], [v2.num_rows, v2.num_values]] : []),
        ...(v2 ? [v2.definition_levels_byte_length, v2.repetition_levels_byte_length].map((size) => [size, header.compressed_page_size]) : []),
      ]) if (!(Number.isInteger(size) && size >= 0 && size <= most)) throw new Error('parquet page of ' + size + ', at most ' + most)`,
    ],
  ],
};

/** Where one column fails at once, nobody waits for the others any more: their failures are then no news. */
function observed(list: string): Guard {
  return [
    `const ${list} = []`,
    `const ${list} = []
    ${list}.push = (column) => (column.data.catch(() => {}), Array.prototype.push.call(${list}, column))`,
  ];
}

export function boundedParquet(): Plugin {
  return {
    name: 'winnow:bounded-parquet',
    transform(code, id) {
      const path = id.split('?')[0] ?? '';
      if (!path.includes('/hyparquet/src/')) return null;
      const bounded = (guards[basename(path)] ?? []).reduce((text, [found, guarded]) => {
        if (!text.includes(found))
          this.error(`${basename(path)}: expected hyparquet 1.33, got another. See this plugin.`);
        return text.replaceAll(found, () => guarded);
      }, code);
      return { code: bounded, map: null };
    },
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../../src/engine/error.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../../src/engine/model/safetensors.ts';

/** A file with exactly this header text, sound or not. */
function fileOf(header: string, dataBytes = 0, claimedLength?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, claimedLength ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

function errorOf(bytes: Uint8Array): WinnowError {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof WinnowError) return error;
    throw error;
  }
  throw new Error('expected a WinnowError, got a file that reads');
}

const entry = (begin: number, end: number, shape = `[${(end - begin) / 4}]`, dtype = '"F32"') =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":[${begin},${end}]}`;

describe('readSafetensors', () => {
  it('reads a file put together by hand', () => {
    const file = fileOf(`{"__metadata__":{"format":"pt"},"b":${entry(4, 12, '[2,1]')},"a":${entry(0, 4, '[]')}}`, 12);
    file.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], file.length - 12);
    const { metadata, entries } = readSafetensors(file);
    expect(metadata).toEqual({ format: 'pt' });
    expect([...entries.keys()]).toEqual(['b', 'a']);
    expect(entries.get('b')).toEqual({ dtype: 'F32', shape: [2, 1], data: Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12) });
    expect(entries.get('a')).toEqual({ dtype: 'F32', shape: [], data: Uint8Array.of(1, 2, 3, 4) });
  });

  it('reads a tensor without elements', () => {
    expect(readSafetensors(fileOf(`{"a":${entry(0, 0, '[0,3]')}}`)).entries.get('a')?.data).toHaveLength(0);
  });

  it.each([
    ['a file shorter than its length field', Uint8Array.of(1, 2, 3), 'at least 8 bytes, got 3'],
    ['a header over 100 MB', fileOf('{}', 0, 100_000_001n), 'at most 100 MB, got 100000001 bytes'],
    ['a header past the end', fileOf('{}', 0, 3n), 'a header of 3 bytes, got a file of 10 bytes'],
    ['a header that is not JSON', fileOf('{"a"'), 'JSON in UTF-8'],
    ['a header that is not an object', fileOf('[]'), 'a JSON object as header'],
    ['a truncated file', fileOf(`{"a":${entry(0, 8)}}`, 7), '8 bytes of data, got 7'],
    ['data past the last tensor', fileOf(`{"a":${entry(0, 8)}}`, 9), '8 bytes of data, got 9'],
    [
      'overlapping tensors',
      fileOf(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12),
      'b: expected data from offset 8, got 4',
    ],
    ['a hole', fileOf(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), 'b: expected data from offset 4, got 8'],
    ['offsets out of range', fileOf(`{"a":${entry(0, 400)}}`, 8), '400 bytes of data, got 8'],
    ['reversed offsets', fileOf(`{"a":${entry(4, 0, '[1]')}}`, 4), 'a: expected 4 bytes for F32 [1]'],
    ['negative offsets', fileOf(`{"a":${entry(-4, 0, '[1]')}}`, 4), 'a: expected two data offsets, got [-4,0]'],
    ['an unknown dtype', fileOf(`{"a":${entry(0, 4, '[1]', '"F33"')}}`, 4), 'a: expected a dtype of'],
    ['a dtype of the prototype', fileOf(`{"a":${entry(0, 4, '[1]', '"toString"')}}`, 4), 'a: expected a dtype of'],
    ['a size that is not shape·dtype', fileOf(`{"a":${entry(0, 8, '[3]')}}`, 8), 'a: expected 12 bytes for F32 [3]'],
    [
      'a fractional shape',
      fileOf(`{"a":${entry(0, 4, '[0.5]')}}`, 4),
      'a: expected a shape of integers ≥ 0, got [0.5]',
    ],
    ['a shape of text', fileOf(`{"a":${entry(0, 4, '["1"]')}}`, 4), 'a: expected a shape of integers ≥ 0, got ["1"]'],
    ['a shape too large to count', fileOf(`{"a":${entry(0, 4, '[9007199254740993]')}}`, 4), 'a shape of integers'],
    [
      'a name twice',
      fileOf(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4),
      'each key once in the header, got "a" twice',
    ],
    ['a name twice, once escaped', fileOf(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4), '"a" twice'],
    [
      'a field twice',
      fileOf('{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
      '"dtype" twice',
    ],
    ['an entry that is no object', fileOf('{"a":null}'), 'a: expected an object'],
    ['metadata other than strings', fileOf('{"__metadata__":{"n":1}}'), '__metadata__: expected an object of strings'],
  ])('refuses %s', (_, bytes, message) => {
    const error = errorOf(bytes);
    expect(error.code).toBe('bad-model');
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^model\.safetensors: .*expected .+, got .+\. The file is .+\.$/);
  });

  it('reads a string of millions of escapes', () => {
    const header = `{"__metadata__":{"a":"${'\\n'.repeat(1e7)}"}}`;
    expect(readSafetensors(fileOf(header)).metadata.a).toHaveLength(1e7);
  });

  it('does not take a value or a quoted brace for a key', () => {
    const header = '{"__metadata__":{"a":"b","b":"a","c":"{\\"a\\": }"}}';
    expect(readSafetensors(fileOf(header)).metadata).toEqual({ a: 'b', b: 'a', c: '{"a": }' });
  });
});

const sizes = { F32: 4, F16: 2, BF16: 2, U8: 1, I64: 8 };
const dtypes = Object.keys(sizes) as (keyof typeof sizes)[];

const storedTensor: fc.Arbitrary<StoredTensor> = fc
  .record({ dtype: fc.constantFrom(...dtypes), shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }) })
  .chain(({ dtype, shape }) => {
    const length = shape.reduce((product, n) => product * n, sizes[dtype]);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, data }));
  });

const tensorMap = fc
  .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), storedTensor), { selector: ([name]) => name, maxLength: 6 })
  .map((entries) => new Map(entries.filter(([name]) => name !== '__metadata__')));

describe('writeSafetensors', () => {
  it('is read back as it was given', () => {
    fc.assert(
      fc.property(tensorMap, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const file = readSafetensors(writeSafetensors(tensors, metadata));
        expect(new Map([...file.entries].sort())).toEqual(new Map([...tensors].sort()));
        expect({ ...file.metadata }).toEqual({ ...metadata });
      }),
      { numRuns: 500 },
    );
  });

  it('aligns every tensor to its element size', () => {
    const bytes = writeSafetensors(
      new Map<string, StoredTensor>([
        ['mask', { dtype: 'U8', shape: [3], data: new Uint8Array(3) }],
        ['weight', { dtype: 'F32', shape: [2], data: new Uint8Array(8) }],
      ]),
    );
    const { entries } = readSafetensors(bytes);
    expect(entries.get('weight')!.data.byteOffset % 4).toBe(0);
    expect(entries.get('mask')!.data.byteOffset).toBe(bytes.length - 3);
  });
});

describe('a damaged file', () => {
  const sound = writeSafetensors(
    new Map<string, StoredTensor>([
      ['encoder.weight', { dtype: 'F32', shape: [2, 3], data: new Uint8Array(24) }],
      ['encoder.bias', { dtype: 'F16', shape: [3], data: new Uint8Array(6) }],
    ]),
    { format: 'pt' },
  );
  const headerEnd = sound.length - 30;

  /** Reads, or fails with the one error that the caller expects; nothing else may come out. */
  const readsOrRefuses = (bytes: Uint8Array) => {
    try {
      for (const { data } of readSafetensors(bytes).entries.values()) expect(data.length).toBeLessThanOrEqual(30);
    } catch (error) {
      expect(error).toBeInstanceOf(WinnowError);
    }
  };

  it('with any bytes of its header changed reads or is refused, never crashes', () => {
    const change = fc.tuple(fc.nat({ max: headerEnd - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = sound.slice();
        for (const [at, value] of changes) bytes[at] = value;
        readsOrRefuses(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('with other JSON for a header reads or is refused, never crashes', () => {
    const claim = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'U8', 'F64'), fc.jsonValue()),
        shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 4 })), fc.jsonValue()),
        data_offsets: fc.oneof(fc.array(fc.integer({ min: -1, max: 30 })), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const header = fc.oneof(fc.dictionary(fc.string(), fc.oneof(claim, fc.jsonValue())), fc.jsonValue());
    fc.assert(
      fc.property(header, (json) => readsOrRefuses(fileOf(JSON.stringify(json), 24))),
      { numRuns: 2000 },
    );
  });

  it('cut anywhere is refused', () => {
    for (let length = 0; length < sound.length; length++) {
      expect(errorOf(sound.subarray(0, length)).code).toBe('bad-model');
    }
  });
});

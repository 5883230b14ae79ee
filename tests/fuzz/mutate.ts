// Ways to break a file. Those of JSON know its structure, so that what they make is parsed before it is refused.
import type { Random } from '../../src/engine/random.ts';

type Json = unknown;

const pick = <T>(random: Random, items: readonly T[]): T => items[random.integer(items.length)]!;

/** One to four mutations, of bits, numbers, lengths and order. */
export function mutateBytes(random: Random, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let broken = Uint8Array.from(bytes);
  for (let left = 1 + random.integer(4); left > 0; left--) broken = pick(random, byteMutations)(random, broken);
  return broken;
}

type Bytes = Uint8Array<ArrayBuffer>;
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const byteMutations: readonly ((random: Random, bytes: Bytes) => Bytes)[] = [
  (random, bytes) =>
    written(bytes, random, 1, (view, at) => view.setUint8(at, view.getUint8(at) ^ (1 << random.integer(8)))),
  (random, bytes) => written(bytes, random, 1, (view, at) => view.setUint8(at, random.integer(256))),
  (random, bytes) => written(bytes, random, 2, (view, at) => view.setUint16(at, pick(random, extremes), true)),
  (random, bytes) => written(bytes, random, 4, (view, at) => view.setUint32(at, pick(random, extremes), true)),
  (random, bytes) =>
    written(bytes, random, 8, (view, at) => view.setBigInt64(at, 1n << BigInt(random.integer(64)), true)),
  // The largest numbers of variable length, as thrift and parquet write them.
  (random, bytes) =>
    written(bytes, random, 5, (view, at) =>
      [0xff, 0xff, 0xff, 0xff, 0x0f].map((byte, i) => view.setUint8(at + i, byte)),
    ),
  (random, bytes) => bytes.slice(0, random.integer(bytes.length + 1)),
  (random, bytes) => bytes.slice(random.integer(bytes.length + 1)),
  (random, bytes) => {
    const [from, to] = span(random, bytes.length);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  (random, bytes) => {
    const [from, to] = span(random, bytes.length);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
];

function written(bytes: Bytes, random: Random, width: number, write: (view: DataView, at: number) => void): Bytes {
  if (bytes.length >= width) write(new DataView(bytes.buffer), random.integer(bytes.length - width + 1));
  return bytes;
}

function span(random: Random, length: number): readonly [from: number, to: number] {
  const from = random.integer(length + 1);
  return [from, Math.min(length, from + random.integer(64))];
}

function joined(head: Uint8Array, tail: Uint8Array): Bytes {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

const signs = [
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  ',',
  '{',
  '}',
  '[',
  ']',
  '\0',
  '\ud800',
  '\u2028',
  '💥',
  ' ',
  '##',
  'NaN',
  '1e999',
];

/** As of bytes, in letters. */
export function mutateText(random: Random, text: string): string {
  let broken = text;
  for (let left = 1 + random.integer(4); left > 0; left--) {
    const [from, to] = span(random, broken.length);
    const part = pick(random, [
      '',
      pick(random, signs),
      broken.slice(from, to).repeat(2),
      pick(random, signs).repeat(1 + random.integer(99)),
    ]);
    broken = pick(random, [
      broken.slice(0, from) + part + broken.slice(to),
      broken.slice(0, from) + part + broken.slice(from),
      broken.slice(0, from),
    ]);
  }
  return broken;
}

/** Nested as deep as no file is: what walks it by recursion fails. */
const abyss = (random: Random): string => {
  const levels = pick(random, [101, 5000, 20_000]);
  return '['.repeat(levels) + ']'.repeat(levels);
};

const hostile: readonly string[] = [
  ...[
    'null',
    'true',
    '[]',
    '{}',
    '""',
    '"0"',
    '-1',
    '-0',
    '0',
    '1',
    '0.5',
    '1e-400',
    '1e400',
    '-1e400',
    '[[]]',
    '[null]',
  ],
  ...[
    '255',
    '65536',
    '2147483647',
    '2147483648',
    '4294967296',
    '1099511627776',
    '9007199254740991',
    '9007199254740993',
  ],
  ...[
    '18446744073709551616',
    '"__proto__"',
    '"constructor"',
    '"F32"',
    '"I64"',
    '"NaN"',
    '"\\u0000"',
    '"\\ud800"',
    '"<img src=x>"',
  ],
  ...['{"__proto__":null}', '{"length":1e9}', '{"toString":1}', '[1e9,1e9,1e9]', '[4294967296,4294967296]', '[-1]'],
];
const names = ['__proto__', 'constructor', 'toString', '', 'length', '__metadata__', 'dtype', 'kind', 'id', '\0'];

/** A mark that stands for text which is no JSON of its own. */
const MARK = 'text\u0001';

/**
 * The text of `json` with one to three of its parts replaced, renamed, repeated, swapped or dropped, some of it twice, and
 * one in eight broken as text, too.
 */
export function mutateJson(random: Random, json: Json): string {
  const raw: string[] = [];
  let broken = structuredClone(json);
  for (let left = 1 + random.integer(3); left > 0; left--) broken = mutateTree(random, broken, raw);
  const text = JSON.stringify(broken).replace(/"text\\u0001(\d+)"/g, (_, index) => raw[Number(index)]!);
  const isTwice = random.integer(16) === 0 && text.startsWith('{');
  const doubled = isTwice ? `{${text.slice(1, -1)},${text.slice(1)}` : text;
  return random.integer(8) === 0 ? mutateText(random, doubled) : doubled;
}

function mutateTree(random: Random, root: Json, raw: string[]): Json {
  const places = placesOf(root);
  const { holder, key } = pick(random, places);
  const replacement = () => {
    raw.push(random.integer(200) === 0 ? abyss(random) : pick(random, hostile));
    return `${MARK}${raw.length - 1}`;
  };
  if (holder === null) return random.integer(8) === 0 ? replacement() : root;
  const value = Reflect.get(holder, key);
  switch (random.integer(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      break;
    case 1: {
      const other = pick(random, places);
      if (other.holder !== null && !contains(value, other.holder))
        Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key)));
      break;
    }
    case 2:
      if (Array.isArray(holder)) holder.push(structuredClone(value));
      else
        Object.defineProperty(holder, pick(random, names), {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      break;
    case 3:
      if (typeof value === 'number')
        Reflect.set(holder, key, value + pick(random, [-1, 1, 4, -4, 0.5, 2 ** 31, 2 ** 53]));
      else if (typeof value === 'string') Reflect.set(holder, key, mutateText(random, value));
      break;
    default:
      Reflect.set(holder, key, replacement());
  }
  return root;
}

interface Place {
  /** Null for the root. */
  readonly holder: object | null;
  readonly key: string;
}

function placesOf(root: Json): Place[] {
  const places: Place[] = [{ holder: null, key: '' }];
  const visit = (value: Json) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value, key });
      visit(Reflect.get(value, key));
    }
  };
  visit(root);
  return places;
}

const contains = (value: Json, part: object): boolean =>
  value === part ||
  (typeof value === 'object' && value !== null && Object.values(value).some((each) => contains(each, part)));

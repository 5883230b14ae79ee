// The safetensors format: 8-byte little-endian header length, JSON header, then the tensors' bytes without a gap.
// A file comes from anywhere, so everything the header claims is checked before a byte of data is believed.
import { WinnowError } from '../error.ts';
import { closingQuote, parseForeignJson } from '../json.ts';

const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;

export type Dtype = keyof typeof bytesPerElement;

export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Little-endian elements, row-major; after reading, a view into the file's bytes, of any alignment. */
  readonly data: Uint8Array;
}

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, StoredTensor>;
}

const lengthBytes = 8;
const maxHeaderBytes = 100_000_000;

/** Reads a whole file. Throws `bad-model`, naming `fileName`, for anything that the format does not allow. */
export function readSafetensors(bytes: Uint8Array, fileName = 'model.safetensors'): SafetensorsFile {
  const headerBytes = readHeaderLength(bytes, bytes.length, fileName);
  const dataFrom = lengthBytes + headerBytes;
  const { metadata, claims } = readClaims(bytes.subarray(lengthBytes, dataFrom), bytes.length - dataFrom, fileName);
  const data = bytes.subarray(dataFrom);
  return {
    metadata,
    entries: new Map(
      claims.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, data: data.subarray(begin, end) }]),
    ),
  };
}

/** Reads the named tensors alone, where the file has them: of a large file on disk, no more than these. Throws as above. */
export async function readTensors(
  file: Blob,
  names: readonly string[],
  fileName: string,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const bytesOf = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  const dataFrom = lengthBytes + readHeaderLength(await bytesOf(0, lengthBytes), file.size, fileName);
  const { claims } = readClaims(await bytesOf(lengthBytes, dataFrom), file.size - dataFrom, fileName);
  const wanted = claims.filter(({ name }) => names.includes(name));
  const read = wanted.map(async ({ name, dtype, shape, begin, end }) => {
    return [name, { dtype, shape, data: await bytesOf(dataFrom + begin, dataFrom + end) }] as const;
  });
  return new Map(await Promise.all(read));
}

/** Writes tensors in the order that keeps each aligned: wide elements first, otherwise as given. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const parts = safetensorsParts(tensors, metadata);
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The file as its header and its tensors' bytes, in a row, for whoever writes it bit by bit. */
export function safetensorsParts(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): readonly Uint8Array<ArrayBuffer>[] {
  const ordered = [...tensors].sort(([, a], [, b]) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype]);
  const header: [string, unknown][] = [['__metadata__', metadata]];
  let end = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    header.push([name, { dtype, shape, data_offsets: [end, end + data.length] }]);
    end += data.length;
  }
  const data = ordered.map(([, tensor]) => tensor.data as Uint8Array<ArrayBuffer>);
  return [headOf(Object.fromEntries(header)), ...data];
}

function headOf(header: object): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(text.length / 8) * 8; // padded with spaces, so that the data starts aligned
  const head = new Uint8Array(lengthBytes + headerBytes).fill(0x20, lengthBytes);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(text, lengthBytes);
  return head;
}

function readHeaderLength(bytes: Uint8Array, fileBytes: number, fileName: string): number {
  if (bytes.length < lengthBytes) throw bad(fileName, 'at least 8 bytes', `${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > maxHeaderBytes) throw bad(fileName, 'a header of at most 100 MB', `${length} bytes`);
  if (length > fileBytes - lengthBytes) {
    throw bad(fileName, `a header of ${length} bytes`, `a file of ${fileBytes} bytes`);
  }
  return Number(length);
}

/** What a header says of its file, once all of it holds. */
function readClaims(header: Uint8Array, dataBytes: number, fileName: string) {
  const { __metadata__: metadata = {}, ...entries } = readHeader(header, fileName);
  const claims = Object.entries(entries).map(([name, claim]) => checkClaim(name, claim, fileName));
  checkLayout(claims, dataBytes, fileName);
  return { claims, metadata: checkMetadata(metadata, fileName) };
}

function readHeader(bytes: Uint8Array, fileName: string): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = parseForeignJson(text);
  } catch {
    throw bad(fileName, 'a header of JSON in UTF-8', 'something else');
  }
  if (!isObject(header)) throw bad(fileName, 'a JSON object as header', typeof header);
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) throw bad(fileName, 'each key once in the header', `"${duplicate}" twice`);
  return header;
}

/** JSON.parse keeps the last of equal keys without a word, so valid JSON is scanned for them again. */
function findDuplicateKey(json: string): string | null {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let at = 0; at < json.length; at++) {
    if (json[at] === '{') open.push(new Set());
    else if (json[at] === '}') open.pop();
    if (json[at] !== '"') continue;
    const start = at;
    at = closingQuote(json, start);
    colon.lastIndex = at + 1;
    if (!colon.test(json)) continue;
    const key: string = JSON.parse(json.slice(start, at + 1));
    const keys = open.at(-1);
    if (keys?.has(key)) return key;
    keys?.add(key);
  }
  return null;
}

interface Claim {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkClaim(name: string, claim: unknown, fileName: string): Claim {
  const where = `${fileName}: ${name}`;
  if (!isObject(claim)) throw bad(where, 'an object with dtype, shape and data_offsets', JSON.stringify(claim));
  const { dtype, shape, data_offsets: offsets } = claim;
  if (!isDtype(dtype)) throw bad(where, `a dtype of ${Object.keys(bytesPerElement).join(', ')}`, JSON.stringify(dtype));
  if (!isSizes(shape)) throw bad(where, 'a shape of integers ≥ 0', JSON.stringify(shape));
  if (!isSizes(offsets) || offsets.length !== 2) throw bad(where, 'two data offsets', JSON.stringify(offsets));
  const [begin = 0, end = 0] = offsets;
  const expected = shape.reduce((size, n) => size * n, bytesPerElement[dtype]);
  if (end - begin !== expected) {
    throw bad(where, `${expected} bytes for ${dtype} [${shape.join(', ')}]`, `offsets ${begin} to ${end}`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors, put in order of their offsets, must fill the data exactly: no overlap, no hole, nothing past the end. */
function checkLayout(claims: readonly Claim[], dataBytes: number, fileName: string): void {
  let filled = 0;
  for (const { name, begin, end } of [...claims].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== filled) throw bad(`${fileName}: ${name}`, `data from offset ${filled}`, `${begin}`);
    filled = end;
  }
  if (filled !== dataBytes) throw bad(fileName, `${filled} bytes of data`, `${dataBytes}`);
}

function checkMetadata(metadata: unknown, fileName: string): Record<string, string> {
  const isText = isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
  if (!isText) throw bad(`${fileName}: __metadata__`, 'an object of strings', JSON.stringify(metadata));
  return metadata as Record<string, string>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDtype = (value: unknown): value is Dtype => typeof value === 'string' && Object.hasOwn(bytesPerElement, value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);

function bad(where: string, expected: string, got: string): WinnowError {
  return new WinnowError(
    'bad-model',
    `${where}: expected ${expected}, got ${got}. The file is incomplete or damaged: fetch it again.`,
  );
}

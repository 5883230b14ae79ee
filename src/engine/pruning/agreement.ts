// Where two pruning masks agree. Masks are packed bits, least significant first, row-major; a set bit keeps.
// Bits past the last weight carry no meaning and are never counted.
import { WinnowError } from '../error.ts';

export interface MaskAgreement {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

export function maskBit(bits: Uint8Array, index: number): 0 | 1 {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) as 0 | 1;
}

/** How many of the first `n` weights the mask keeps. */
export function keptCount(bits: Uint8Array, n: number): number {
  expectBits('keptCount', bits, n);
  let kept = 0;
  for (let byte = 0; byte < n >> 3; byte++) kept += popcount(bits[byte] ?? 0);
  return kept + popcount((bits[n >> 3] ?? 0) & tailMask(n));
}

export function maskAgreement(a: Uint8Array, b: Uint8Array, n: number): MaskAgreement {
  expectBits('maskAgreement', b, n);
  const keptA = keptCount(a, n);
  const keptB = keptCount(b, n);
  let both = 0;
  for (let byte = 0; byte < n >> 3; byte++) both += popcount((a[byte] ?? 0) & (b[byte] ?? 0));
  both += popcount((a[n >> 3] ?? 0) & (b[n >> 3] ?? 0) & tailMask(n));
  return { both, onlyA: keptA - both, onlyB: keptB - both, neither: n - keptA - keptB + both };
}

/** |A ∩ B| / |A ∪ B| of the kept weights; 1 for two masks that keep nothing, for they are equal. */
export function intersectionOverUnion(a: Uint8Array, b: Uint8Array, n: number): number {
  return iouOf(maskAgreement(a, b, n));
}

export function iouOf({ both, onlyA, onlyB }: MaskAgreement): number {
  const union = both + onlyA + onlyB;
  return union === 0 ? 1 : both / union;
}

/** IoU of two independent random masks that keep these shares: what agreement is worth by chance alone. */
export function chanceIntersectionOverUnion(shareA: number, shareB: number): number {
  const union = shareA + shareB - shareA * shareB;
  return union === 0 ? 1 : (shareA * shareB) / union;
}

/** Set bits of one byte, by adding neighbours in parallel. */
function popcount(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (nibbles + (nibbles >> 4)) & 0x0f;
}

/** The bits of the last, partly used byte that belong to a weight; 0 when `n` fills its bytes. */
function tailMask(n: number): number {
  return (1 << (n & 7)) - 1;
}

function expectBits(where: string, bits: Uint8Array, n: number): void {
  const needed = Math.ceil(n / 8);
  if (bits.length >= needed) return;
  throw new WinnowError('bad-data', `${where}: expected ${needed} bytes for ${n} weights, got ${bits.length}.`);
}

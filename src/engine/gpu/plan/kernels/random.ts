// The counter-based generator of `random-bits.ts` in WGSL, bit for bit.

export const RANDOM = /* wgsl */ `
fn mixBits(value: u32) -> u32 {
  var x = value;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}
// The stream of one site; the seed comes mixed.
fn streamKey(seed: u32, site: u32) -> u32 { return mixBits(seed ^ ((site + 1u) * 0x9e3779b9u)); }
// 24 random bits of each of four places.
fn bitsAt(key: u32, index: vec4u) -> vec4u {
  return vec4u(
    mixBits(key ^ mixBits(index.x)), mixBits(key ^ mixBits(index.y)),
    mixBits(key ^ mixBits(index.z)), mixBits(key ^ mixBits(index.w)),
  ) >> vec4u(8u);
}`;

const RANGE = 2 ** 24;

/** `uniform < rate` on 24-bit integers, exactly: the places that dropout empties. */
export const isDropped = (bits: string, rate: number): string => `(${bits} < vec4u(${Math.ceil(rate * RANGE)}u))`;

/** A float literal that survives the trip through text. */
export function float(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

// 16-bit floats of checkpoints: IEEE half (F16) and bfloat16 (BF16), to and from float32.
// Narrowing rounds to nearest, ties to even, as PyTorch and the hardware do.

/** Past this magnitude a float32 rounds to infinity in half precision. */
export const largestHalf = 65504;

// Reading is a table look-up: half precision has only 65,536 values, and an embedding has ten million entries.
let halfValues: Float32Array | null = null;

export function halfToFloat(halves: Uint16Array): Float32Array {
  halfValues ??= Float32Array.from({ length: 65536 }, (_, bits) => decodeHalf(bits));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = halfValues[halves[i]!]!;
  return floats;
}

/** bfloat16 is the upper half of a float32. */
export function bfloat16ToFloat(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

export function floatToHalf(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) halves[i] = encodeHalf(bits[i]!);
  return halves;
}

function decodeHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const bitsOf = new Uint32Array(1);
const floatOf = new Float32Array(bitsOf.buffer);

function encodeHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65520 on, the nearest half is infinity
  if (magnitude < 0x38800000) return sign | encodeSubnormal(magnitude);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded >>> 13) - (112 << 10)); // exponent bias 127 → 15
}

/** Below 2⁻¹⁴ halves step by 2⁻²⁴, as floats do from 0.5 on: adding 0.5 makes the float unit round for us. */
function encodeSubnormal(magnitude: number): number {
  bitsOf[0] = magnitude;
  floatOf[0] = floatOf[0]! + 0.5;
  return bitsOf[0]! - 0x3f000000;
}

// Unsigned integers in the order of the floats they stand for (see pruning/select.ts); −0 counts as 0.

export function keyOfBits(bits: number): number {
  if (bits === -0x80000000) return 0x80000000;
  return bits < 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

export function numberOfKey(key: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, key & 0x80000000 ? key & 0x7fffffff : ~key);
  return view.getFloat32(0);
}

/** The smallest float32 for which a growing predicate holds, by bisection; ∞ where it holds for none. */
export function smallestFloat(holds: (x: number) => boolean): number {
  let low = keyOfBits(0xff800000 | 0); // −∞
  let high = keyOfBits(0x7f800000); // ∞
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (holds(numberOfKey(middle))) high = middle;
    else low = middle + 1;
  }
  return numberOfKey(low);
}

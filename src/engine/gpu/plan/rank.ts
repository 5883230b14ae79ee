// Ranks: unsigned integers in the order of the floats, as the GPU compares them. With them a rule such as
// σ(S) > τ, which GPUs may round differently, becomes one exact comparison with a number found here.

const bits = new DataView(new ArrayBuffer(4));

function floatAt(rank: number): number {
  bits.setUint32(0, rank >= 0x80000000 ? rank - 0x80000000 : ~rank >>> 0);
  return bits.getFloat32(0);
}

/** Ranks of −∞ and +∞. */
const LOWEST = 0x007fffff;
const HIGHEST = 0xff800000;

/** A limit that no rank exceeds. */
export const passesEverything = 0xffffffff;

/** The rank of the largest float that fails a test which every larger float passes. */
export function largestRejected(passes: (value: number) => boolean): number {
  if (passes(Number.NEGATIVE_INFINITY)) return LOWEST - 1;
  let [rejected, accepted] = [LOWEST, HIGHEST + 1];
  while (accepted - rejected > 1) {
    const middle = Math.floor((accepted + rejected) / 2);
    if (passes(floatAt(middle))) accepted = middle;
    else rejected = middle;
  }
  return rejected;
}

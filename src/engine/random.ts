// The one source of chance: a counter-based generator on 32 bits. Draw n of a seed depends on nothing but (seed, n),
// so its whole state is two numbers that a checkpoint can hold, and the same seed gives the same run anywhere.
// The mixing function is Prospector's low-bias permutation (Wellons, "Prospecting for hash functions", 2018).

export interface RandomState {
  readonly seed: number;
  readonly counter: number;
}

export interface Random {
  /** Uniform integer in [0, 2³²). */
  bits(): number;
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, n), for n well below 2³² (the bias is n/2³²). */
  integer(n: number): number;
  readonly state: RandomState;
}

export function createRandom(seed: number, counter = 0): Random {
  const key = mixBits(seed);
  let drawn = counter;
  const bits = () => mixBits(mixBits(drawn++ ^ key) + key);
  const float = () => bits() / 2 ** 32;
  return {
    bits,
    float,
    integer: (n) => Math.floor(float() * n),
    get state() {
      return { seed, counter: drawn };
    },
  };
}

/** A seed for one purpose within a seed: `deriveSeed(seed, epoch)` and its like never share a stream. */
export function deriveSeed(seed: number, ...parts: readonly number[]): number {
  return parts.reduce((mixed, part) => mixBits(mixBits(mixed) + Math.imul(part, 0x9e3779b9) + 1), seed);
}

/** The numbers 0 … n−1 in random order (Fisher–Yates). */
export function shuffle(n: number, seed: number): number[] {
  const random = createRandom(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

export function mixBits(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

// The kernels' module is compiled once per kind of memory and of multiply-add; this chooses among the four binaries.

export interface Variant {
  /** tfjs's memory is shared where it may use threads. */
  readonly isShared: boolean;
  /** Fused multiply-add, from relaxed SIMD. */
  readonly isRelaxed: boolean;
}

export const variants: readonly Variant[] = [true, false].flatMap((isShared) =>
  [true, false].map((isRelaxed) => ({ isShared, isRelaxed })),
);

export const variantFile = ({ isShared, isRelaxed }: Variant): string =>
  `winnow-kernels-${isShared ? 'shared' : 'own'}-${isRelaxed ? 'relaxed' : 'plain'}.wasm`;

/** A module with one function that returns a vector; whether it is valid says whether its opcodes are known. */
const header = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];
const zero = [65, 0, 253, 15]; // i32.const 0, i8x16.splat
const splat = [10, 8, 1, 6, 0, ...zero, 11];
const relaxedMadd = [10, 19, 1, 17, 0, ...zero, ...zero, ...zero, 253, 133, 2, 11];

export const hasSimd = (): boolean => WebAssembly.validate(new Uint8Array([...header, ...splat]));

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(new Uint8Array([...header, ...relaxedMadd]));

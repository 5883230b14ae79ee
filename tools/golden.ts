// Page of `npm run golden`: compares the engine with PyTorch's numbers in a folder of golden vectors.

export interface GoldenInput {
  /** The folder's address, with a slash at the end: `model/`, `expected.json`, `expected.safetensors` are under it. */
  readonly folder: string;
  readonly backend: 'webgpu' | 'wasm';
}

export interface GoldenReport {
  readonly passed: boolean;
}

async function run({ folder, backend }: GoldenInput): Promise<GoldenReport> {
  throw new Error(`golden: expected the engine's comparison for ${folder} on ${backend}, which is not written yet.`);
}

Object.assign(globalThis, { run });

// Page of `npm run golden`: compares the engine with PyTorch's numbers in a folder of golden vectors.
import { type BackendName, openBackend } from '../src/engine/gpu/backend.ts';
import { createExecutor } from '../src/engine/gpu/create-executor.ts';
import { checkQaGolden, type QaGoldenReport } from '../tests/golden/qa.ts';

export interface GoldenInput {
  /** The folder's address, with a slash at the end: `model/`, `expected.json`, `expected.safetensors` are under it. */
  readonly folder: string;
  readonly backend: BackendName;
}

export interface GoldenReport extends QaGoldenReport {
  readonly backend: BackendName;
  readonly adapter: string;
  readonly gpuErrors: readonly string[];
}

async function run({ folder, backend: preference }: GoldenInput): Promise<GoldenReport> {
  const gpuErrors = new Set<string>();
  const backend = await openBackend({
    preference,
    wasmFolder: '/wasm/',
    onGpuError: (message) => gpuErrors.add(message),
  });
  const bytes = async (path: string) => new Uint8Array(await (await fetchFile(folder + path)).arrayBuffer());
  const text = async (path: string) => (await fetchFile(folder + path)).text();
  const report = await checkQaGolden(
    {
      config: await text('model/config.json'),
      weights: await bytes('model/model.safetensors'),
      expected: await text('expected.json'),
      expectedTensors: await bytes('expected.safetensors'),
    },
    () => createExecutor(backend),
  );
  const passed = report.passed && gpuErrors.size === 0;
  return { ...report, passed, backend: backend.name, adapter: backend.adapter, gpuErrors: [...gpuErrors].slice(0, 3) };
}

async function fetchFile(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: expected a file, got status ${response.status}`);
  return response;
}

Object.assign(globalThis, { run });

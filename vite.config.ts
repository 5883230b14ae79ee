// `vite build` makes the product in dist/. `vite build --mode tools` makes the pages of tools/ in dist-tools/: the
// same engine and worker for batch commands and golden checks, kept out of what users load.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { boundedParquet } from './scripts/lib/bounded-parquet.ts';
import { wasmKernels } from './scripts/lib/cpu-kernels.ts';
import { isolationHeaders } from './scripts/lib/headers.ts';
import { selfContainedWasmThreads, tfjsWasmBinaries } from './scripts/lib/tfjs-wasm.ts';

const root = import.meta.dirname;
const tools = join(root, 'tools');

// Named, because only workers import them: found late, they would make the development server reload the page.
const onlyInWorkers = [
  ...['core', 'backend-wasm', 'backend-webgpu'].map((name) => `@tensorflow/tfjs-${name}`),
  ...['client-zip', 'fflate', '@huggingface/transformers'],
];

/** transformers.js asks for ONNX Runtime's build for WebGPU, of twice the size; translation runs on WebAssembly alone. */
const wasmOnlyRuntime = {
  'onnxruntime-web/webgpu': join(root, 'node_modules/onnxruntime-web/dist/ort.wasm.min.mjs'),
};

export default defineConfig(({ mode }) => ({
  root: mode === 'tools' ? tools : root,
  publicDir: mode === 'tools' ? false : join(root, 'public'),
  plugins: [react(), tfjsWasmBinaries(), wasmKernels(), selfContainedWasmThreads(), boundedParquet()],
  resolve: { alias: { '@': join(root, 'src'), ...wasmOnlyRuntime } },
  worker: { format: 'es' as const, plugins: () => [selfContainedWasmThreads(), boundedParquet()] },
  optimizeDeps: { include: onlyInWorkers, exclude: ['hyparquet'] }, // prebundling knows no plugin of ours
  server: { headers: isolationHeaders },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy allows fonts from our own origin, not from data: URLs
    chunkSizeWarningLimit: 2000,
    emptyOutDir: true,
    rolldownOptions: { checks: { pluginTimings: false }, ...(mode === 'tools' ? { input: toolPages() } : {}) },
    ...(mode === 'tools' ? { outDir: join(root, 'dist-tools') } : {}),
  },
}));

function toolPages(): string[] {
  const pages = readdirSync(tools).filter((name) => name.endsWith('.html'));
  return pages.map((name) => join(tools, name));
}

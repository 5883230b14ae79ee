// `vite build` makes the product in dist/. `vite build --mode tools` makes the pages of tools/ in dist-tools/: the
// same engine and worker for batch commands and golden checks, kept out of what users load.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { isolationHeaders } from './scripts/lib/headers.ts';
import { selfContainedWasmThreads, tfjsWasmBinaries } from './scripts/lib/tfjs-wasm.ts';

const root = import.meta.dirname;

export default defineConfig(({ mode }) => ({
  plugins: [react(), tfjsWasmBinaries(), selfContainedWasmThreads()],
  resolve: { alias: { '@': join(root, 'src') } },
  worker: { format: 'es' as const, plugins: () => [selfContainedWasmThreads()] },
  server: { headers: isolationHeaders },
  // No data: URLs for small files: the content security policy allows fonts from our own origin only.
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  ...(mode === 'tools' ? toolsBuild() : {}),
}));

function toolsBuild() {
  const folder = join(root, 'tools');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
  return {
    root: folder,
    publicDir: false as const,
    build: {
      target: 'es2023',
      outDir: join(root, 'dist-tools'),
      emptyOutDir: true,
      rolldownOptions: { input: pages.map((name) => join(folder, name)) },
    },
  };
}

// `vite build` makes the product in dist/. `vite build --mode tools` makes the pages of tools/ in dist-tools/: the
// same engine and worker for batch commands and golden checks, kept out of what users load.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { isolationHeaders } from './scripts/lib/headers.ts';
import { tfjsWasm } from './scripts/lib/tfjs-wasm.ts';

const root = import.meta.dirname;

export default defineConfig(({ mode }) => ({
  plugins: [react(), tfjsWasm()],
  resolve: { alias: { '@': join(root, 'src') } },
  worker: { format: 'es' as const, plugins: () => [tfjsWasm()] },
  server: { headers: isolationHeaders },
  build: { target: 'es2023', chunkSizeWarningLimit: 2000 },
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

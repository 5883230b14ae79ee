// Vite plugin: the WebAssembly binaries of tfjs at `/wasm/…`, a fixed path on our own origin, in dev and in builds.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const folder = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'),
);
const names = readdirSync(folder).filter((name) => name.endsWith('.wasm'));

export function tfjsWasm(): Plugin {
  return {
    name: 'winnow:tfjs-wasm',
    configureServer(server) {
      server.middlewares.use('/wasm/', (request, response, next) => {
        const name = names.find((each) => request.url === `/${each}`);
        if (!name) return next();
        response.setHeader('Content-Type', 'application/wasm');
        response.end(readFileSync(join(folder, name)));
      });
    },
    generateBundle() {
      for (const name of names) {
        this.emitFile({ type: 'asset', fileName: `wasm/${name}`, source: readFileSync(join(folder, name)) });
      }
    },
  };
}

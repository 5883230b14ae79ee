// Vite plugins for tfjs's WebAssembly backend.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const binary = '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm';
const folder = dirname(createRequire(import.meta.url).resolve(binary));
const names = readdirSync(folder).filter((name) => name.endsWith('.wasm'));

/** Puts the binaries at `/wasm/…`, a fixed path on our own origin, in dev and in builds. */
export function tfjsWasmBinaries(): Plugin {
  return {
    name: 'winnow:tfjs-wasm-binaries',
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

/**
 * tfjs starts its threads from the *text* of the Emscripten factory, `factory.toString()`. The factory names one
 * variable of its surroundings, guarded by `typeof`; a minifier drops the guard, and every thread dies on its first
 * line. In a module that variable is always undefined: declared inside the factory, the text stands alone.
 */
export function selfContainedWasmThreads(): Plugin {
  const head = /var _scriptDir = [\s\S]*?return \(\s*function\((\w+)\) \{/;
  return {
    name: 'winnow:self-contained-wasm-threads',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith('tfjs-backend-wasm-threaded-simd.js')) return null;
      if (!head.test(code))
        this.error('tfjs-backend-wasm: expected the factory of 4.22, got another. See this plugin.');
      return { code: code.replace(head, 'return (function($1) { var _scriptDir;'), map: null };
    },
  };
}

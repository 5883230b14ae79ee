// Compiles the wasm kernels of src/engine/cpu/assembly. One compilation takes seconds, so binaries are kept until a
// source or the compiler changes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { type Variant, variantFile, variants } from '../../src/engine/cpu/variant.ts';
import { repositoryRoot } from './paths.ts';

const sources = join(repositoryRoot, 'src/engine/cpu/assembly');
const cache = join(repositoryRoot, 'node_modules/.cache/winnow/kernels');
/** 4 GiB, as tfjs's memory may grow to. */
const MOST_PAGES = '65536';

/** The binary of one variant. */
export async function compileKernels(variant: Variant): Promise<Uint8Array> {
  const path = join(cache, `${fingerprint()}-${variantFile(variant)}`);
  if (!existsSync(path)) {
    const binary = await compile(variant);
    mkdirSync(cache, { recursive: true });
    writeFileSync(path, binary);
  }
  return readFileSync(path);
}

function fingerprint(): string {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as { version: string };
  const hash = createHash('sha256')
    .update(version)
    .update(JSON.stringify(options({ isShared: true, isRelaxed: true })));
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

async function compile(variant: Variant): Promise<Uint8Array> {
  const { default: asc } = await import('assemblyscript/asc'); // loaded late: its start takes a second
  const outputs = new Map<string, Uint8Array>();
  const { error, stderr } = await asc.main(
    [join(sources, 'index.ts'), '--outFile', 'kernels.wasm', ...options(variant)],
    {
      writeFile: (name, contents) => void outputs.set(name, contents as Uint8Array),
    },
  );
  const binary = outputs.get('kernels.wasm');
  if (error || !binary) throw new Error(`wasm kernels: expected them to compile.\n${stderr.toString()}`);
  return binary;
}

/** The module owns no memory: no runtime, no heap, no data. All addresses it gets are tfjs's. */
function options({ isShared, isRelaxed }: Variant): string[] {
  const features = ['simd', ...(isRelaxed ? ['relaxed-simd'] : []), ...(isShared ? ['threads'] : [])];
  return [
    ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory'],
    ...features.flatMap((feature) => ['--enable', feature]),
    ...(isShared ? ['--sharedMemory', '--maximumMemory', MOST_PAGES] : []),
  ];
}

/** Puts the binaries beside those of tfjs, at `/wasm/…`, in dev and in builds. */
export function wasmKernels(): Plugin {
  const variantOf = (url: string | undefined) => variants.find((variant) => url === `/${variantFile(variant)}`);
  return {
    name: 'winnow:wasm-kernels',
    configureServer(server) {
      server.middlewares.use('/wasm/', (request, response, next) => {
        const variant = variantOf(request.url);
        if (!variant) return next();
        response.setHeader('Content-Type', 'application/wasm');
        compileKernels(variant).then((binary) => response.end(binary), next);
      });
    },
    async generateBundle() {
      for (const variant of variants) {
        const source = await compileKernels(variant);
        this.emitFile({ type: 'asset', fileName: `wasm/${variantFile(variant)}`, source });
      }
    },
  };
}

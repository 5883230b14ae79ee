// `npm run experiment -- spec.json --out DIR`: runs of the page without the page. Each run leaves metrics.jsonl,
// its model folder and summary.json in a folder of its own under DIR.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import type { RunEvent } from '../src/runs/events.ts';
import { type RunSpec, runSpecSchema } from '../src/runs/spec.ts';
import type { ExperimentInput, ExperimentResult } from '../tools/experiment.ts';
import { withPage } from './lib/browser.ts';
import { oneOf, runCommand, UsageError } from './lib/command.ts';
import { resultsTable } from './lib/results-table.ts';

/** How often the command says how far it is. */
const SHOW_EVERY_MS = 10_000;

await runCommand({
  usage:
    'npm run experiment -- spec.json --out DIR [--backend auto|webgpu|wasm] [--dtype F32|F16] [--files KEY=FOLDER …] [--seeds 1,2,…]',
  options: {
    out: { type: 'string' },
    backend: { type: 'string', default: 'auto' },
    dtype: { type: 'string', default: 'F32' },
    files: { type: 'string', multiple: true, default: [] },
    seeds: { type: 'string' },
  },
  positionals: 1,
  async run(values, [specPath = '']) {
    if (!values.out) throw new UsageError('--out: expected a folder to write to, got none.');
    const specs = withSeeds(readSpecs(specPath), values.seeds);
    const backend = oneOf('backend', ['auto', 'webgpu', 'wasm'], values.backend);
    const dtype = oneOf('dtype', ['F32', 'F16'], values.dtype);
    const results = await runExperiments({ specs, backend, dtype, files: readFiles(values.files), out: values.out });
    console.log(resultsTable(results));
    return 0;
  },
});

/** One run's JSON, or several as a list. */
function readSpecs(path: string): RunSpec[] {
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const parsed = z
    .array(runSpecSchema)
    .min(1)
    .safeParse(Array.isArray(json) ? json : [json]);
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: expected a run's settings, got:\n${z.prettifyError(parsed.error)}`);
}

/** Every run once per seed; names must stay apart, since folders and teachers go by them. */
function withSeeds(specs: readonly RunSpec[], seeds: string | undefined): RunSpec[] {
  if (seeds === undefined) return [...specs];
  return seeds.split(',').flatMap((text) => {
    const seed = Number(text);
    if (!Number.isInteger(seed) || seed < 0) throw new UsageError(`--seeds: expected whole numbers, got ${text}.`);
    return specs.map((spec) => ({
      ...spec,
      name: `${spec.name} seed ${seed}`,
      training: { ...spec.training, seed },
      distillation: spec.distillation && { ...spec.distillation, teacher: `${spec.distillation.teacher} seed ${seed}` },
    }));
  });
}

interface NamedFolder {
  readonly key: string;
  readonly folder: string;
}

function readFiles(pairs: readonly string[]): NamedFolder[] {
  return pairs.map((pair) => {
    const [key, folder] = pair.split('=');
    if (!key || !folder) throw new UsageError(`--files: expected KEY=FOLDER, got ${pair}.`);
    return { key, folder };
  });
}

interface Experiment {
  readonly specs: readonly RunSpec[];
  readonly backend: ExperimentInput['backend'];
  readonly dtype: ExperimentInput['dtype'];
  readonly files: readonly NamedFolder[];
  readonly out: string;
}

async function runExperiments({ specs, backend, dtype, files, out }: Experiment) {
  const imports = Object.fromEntries(
    files.map(({ key, folder }, index) => [
      key,
      readdirSync(folder).map((name) => `/files/${index}/${encodeURIComponent(name)}`),
    ]),
  );
  let recorder: Recorder | null = null;
  const receivers = {
    receiveEvent: (event: RunEvent) => recorder?.event(event),
    receiveZip: (base64: string) => recorder?.zipPiece(base64),
  };
  const folders = files.map(({ folder }) => folder);
  return withPage({ name: 'experiment', folders, receivers }, async ({ page }) => {
    const results: { readonly spec: RunSpec; readonly result: ExperimentResult }[] = [];
    for (const spec of specs) {
      recorder = createRecorder(spec, join(out, spec.name.replace(/[^a-zA-Z0-9._-]+/g, '-')));
      const input: ExperimentInput = { spec, backend, dtype, imports };
      const result: ExperimentResult = await page.evaluate(
        (value) => (globalThis as unknown as { run(input: unknown): Promise<ExperimentResult> }).run(value),
        input,
      );
      recorder.finish(result);
      results.push({ spec, result });
    }
    return results;
  });
}

type Recorder = ReturnType<typeof createRecorder>;

/** Writes what a run reports as it reports it, so that a run cut short leaves its curve. */
function createRecorder(spec: RunSpec, folder: string) {
  const metricsPath = join(folder, 'metrics.jsonl');
  const pieces: Buffer[] = [];
  let totalSteps = 0;
  let shownAt = 0;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'spec.json'), `${JSON.stringify(spec, null, 2)}\n`);
  return {
    event(event: RunEvent) {
      if (event.type === 'started') totalSteps = event.totalSteps;
      if (event.type === 'metrics') {
        appendFileSync(metricsPath, event.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      }
      if (event.type === 'progress' && Date.now() - shownAt > SHOW_EVERY_MS) {
        shownAt = Date.now();
        const { step, examplesPerSecond, etaMs } = event.progress;
        const minutes = (etaMs / 60_000).toFixed(1);
        console.error(
          `${spec.name}: step ${step} of ${totalSteps}, ${examplesPerSecond.toFixed(1)} examples/s, ${minutes} min left`,
        );
      }
    },
    zipPiece(base64: string) {
      pieces.push(Buffer.from(base64, 'base64'));
    },
    finish(result: ExperimentResult) {
      writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(result, null, 2)}\n`);
      for (const [path, bytes] of Object.entries(unzipSync(new Uint8Array(Buffer.concat(pieces))))) {
        const target = join(folder, 'model', path.slice(path.indexOf('/') + 1));
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, bytes);
      }
    },
  };
}

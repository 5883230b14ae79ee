// The update: the norm of all gradients, a decision whether they are usable, and AdamW (Loshchilov & Hutter 2019, in
// PyTorch's order: decay first, then the corrected step) on the flat buffers, block by block. Nothing is read back:
// the clip factor, or that the update is to be skipped, is read on the GPU.

import { BLOCK } from '../parameter-store.ts';
import type { Recording } from '../plan.ts';
import { kernel, read, uniform, write, writeMatrix } from '../shader.ts';
import type { View } from '../storage.ts';
import { range } from './product.ts';

export const MAX_GROUPS = 16;
export const MAX_TERMS = 16;

/** Words of the report: norm, clip factor (negative: skipped), then the terms. */
export const REPORT_WORDS = 2 + MAX_TERMS;

export interface UpdateViews {
  readonly parameters: View;
  readonly gradients: View;
  readonly first: View;
  readonly second: View;
  readonly terms: View;
  readonly report: View;
  readonly settings: View;
  /** Weights that are stored as halves too. */
  readonly halves: View | null;
}

/** Blocks of 256 floats that have a gradient, one after another: a parameter. */
export interface BlockSpan {
  /** The first block among the gradients, and among the parameters. */
  readonly gradient: number;
  readonly parameter: number;
  readonly blocks: number;
  /** Null where no group trains it; it still counts for the norm. */
  readonly group: number | null;
  /** The first block among the halves; null where there are none. */
  readonly half: number | null;
}

/** Floats before the groups: β₁, 1−β₁, β₂, 1−β₂, ε, largest norm, 0, 0; then per group step size, decay factor, 1/√(1−β₂ᵗ), 0. */
export const SETTINGS_WORDS = 8 + 4 * MAX_GROUPS;

const SETTINGS = /* wgsl */ `
struct Settings {
  beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  epsilon: f32, maxNorm: f32, unused0: f32, unused1: f32,
  groups: array<vec4f, ${MAX_GROUPS}>,
}`;

const VECTORS = BLOCK / 4;
/** Threads of a block: each has several vectors, as to find their place costs as much as two of them. */
const THREADS = 8;
const MAX_NORM_THREADS = 4096;
const LANES = 64;

export function recordUpdate(
  recording: Recording,
  o: { readonly views: UpdateViews; readonly spans: readonly BlockSpan[]; readonly terms: number },
): void {
  const { views, spans, terms } = o;
  const blocks = countBlocks(spans);
  const trained = spans.filter(({ group }) => group !== null);
  const subtotals = recording.allocate('squares', 1, MAX_NORM_THREADS).view;
  const threads = Math.min(MAX_NORM_THREADS, Math.max(1, blocks) * THREADS);
  recordNorm(recording, { views, spans, subtotals, threads });
  recordDecision(recording, { views, subtotals, threads: blocks === 0 ? 0 : threads, terms });
  if (trained.length > 0) recordAdamW(recording, views, trained);
}

const countBlocks = (spans: readonly BlockSpan[]): number => spans.reduce((sum, { blocks }) => sum + blocks, 0);

/** Words of each block, written by `set` at the block's place: BERT-base has 400,000 blocks. */
function tableOf(
  spans: readonly BlockSpan[],
  width: number,
  set: (table: Uint32Array, at: number, span: BlockSpan, block: number) => void,
): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(countBlocks(spans) * width);
  let at = 0;
  for (const span of spans) {
    for (let block = 0; block < span.blocks; block++, at += width) set(table, at, span, block);
  }
  return table;
}

function recordNorm(
  recording: Recording,
  o: { views: UpdateViews; spans: readonly BlockSpan[]; subtotals: View; threads: number },
): void {
  const blocks = countBlocks(o.spans);
  if (blocks === 0) return;
  const table = recording.constant(
    tableOf(o.spans, 1, (words, at, { gradient }, block) => {
      words[at] = gradient + block;
    }),
  );
  recording.emit(
    kernel({
      label: 'gradient squares',
      threads: o.threads,
      bindings: { gradients: read(o.views.gradients), table: read(table, 'u32'), subtotals: write(o.subtotals, 'f32') },
      body: `
        var sum = vec4f();
        for (var i = id; i < ${blocks * THREADS}u; i += ${o.threads}u) {
          let start = table[i / ${THREADS}u] * ${VECTORS}u + i % ${THREADS}u;
          ${range(VECTORS / THREADS)
            .map((k) => `{ let g = gradients[start + ${k * THREADS}u]; sum += g * g; }`)
            .join(' ')}
        }
        subtotals[id] = sum.x + sum.y + sum.z + sum.w;`,
    }),
  );
}

/** Finite, told by the exponent: compilers may assume that comparisons never see NaN or infinity. */
const IS_FINITE = 'fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }';

function recordDecision(
  recording: Recording,
  { views, subtotals, threads, terms }: { views: UpdateViews; subtotals: View; threads: number; terms: number },
): void {
  recording.emit(
    kernel({
      label: 'clip factor',
      threads: LANES,
      workgroupSize: LANES,
      bindings: {
        subtotals: read(subtotals, 'f32'),
        terms: read(views.terms, 'f32'),
        report: write(views.report, 'f32'),
        settings: uniform(views.settings, 'Settings'),
      },
      declarations: `${SETTINGS}\n${IS_FINITE}\nvar<workgroup> sums: array<f32, ${LANES}>;`,
      body: `
        var sum = 0.0;
        for (var i = lane; i < ${threads}u; i += ${LANES}u) { sum += subtotals[i]; }
        sums[lane] = sum;
        workgroupBarrier();
        if (lane == 0u) {
          var total = 0.0;
          for (var i = 0u; i < ${LANES}u; i++) { total += sums[i]; }
          let norm = sqrt(total);
          var isUsable = isFinite(norm);
          for (var i = 0u; i < ${terms}u; i++) {
            report[2u + i] = terms[i];
            isUsable = isUsable && isFinite(terms[i]);
          }
          let factor = select(1.0, min(1.0, settings.maxNorm / (norm + 1e-6)), settings.maxNorm > 0.0);
          report[0] = norm;
          report[1] = select(-1.0, factor, isUsable);
        }`,
    }),
  );
}

const NO_HALF = 0xffffffff;

function recordAdamW(recording: Recording, views: UpdateViews, spans: readonly BlockSpan[]): void {
  const { halves } = views;
  const table = recording.constant(
    tableOf(spans, 2, (words, at, { gradient, parameter, group }, block) => {
      words[at] = (gradient + block) | ((group ?? 0) << 28);
      words[at + 1] = parameter + block;
    }),
  );
  const halfTable =
    halves &&
    recording.constant(
      tableOf(spans, 1, (words, at, { half }, block) => {
        words[at] = half === null ? NO_HALF : half + block;
      }),
    );
  recording.emit(
    kernel({
      label: 'AdamW',
      threads: countBlocks(spans) * THREADS,
      bindings: {
        parameters: write(views.parameters),
        gradients: read(views.gradients),
        first: write(views.first),
        second: write(views.second),
        table: read(table, 'vec2u'),
        report: read(views.report, 'f32'),
        settings: uniform(views.settings, 'Settings'),
        ...(halves && halfTable
          ? { halves: writeMatrix({ view: halves, format: 'f16' }), halfTable: read(halfTable, 'u32') }
          : {}),
      },
      declarations: SETTINGS,
      body: `
        let clip = report[1];
        if (clip < 0.0) { return; }
        let block = id / ${THREADS}u;
        let entry = table[block];
        let rates = settings.groups[entry.x >> 28u];
        ${halves ? 'let half = halfTable[block];' : ''}
        for (var k = id % ${THREADS}u; k < ${VECTORS}u; k += ${THREADS}u) {
          let at = (entry.x & 0x0fffffffu) * ${VECTORS}u + k;
          let to = entry.y * ${VECTORS}u + k;
          let g = gradients[at] * clip;
          let m = settings.beta1 * first[at] + settings.rest1 * g;
          let v = settings.beta2 * second[at] + settings.rest2 * g * g;
          first[at] = m;
          second[at] = v;
          let moved = parameters[to] * rates.y - (m / (sqrt(v) * rates.z + settings.epsilon)) * rates.x;
          parameters[to] = moved;
          ${halves ? `if (half != ${NO_HALF}u) { store_halves(half * ${VECTORS}u + k, moved); }` : ''}
        }`,
    }),
  );
}

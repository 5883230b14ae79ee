// From the times of a race to what is said about them.
import type { Sizes } from '../../../tools/bench/workload.ts';
import type { Machine } from './machine.ts';
import { markdownTable, shortNumber } from './markdown.ts';
import type { RaceFigures, RacerFigures } from './race.ts';
import { type Target, targetTable } from './targets.ts';

export interface ModelFigures {
  readonly sizes: Sizes;
  readonly stepsPerTurn: number;
  readonly contestants: RaceFigures;
}

type Models = Readonly<Record<string, ModelFigures>>;

/** Rival's median over ours on the same kind of device; above 1 we are ahead. */
export interface Speedup {
  readonly tfjs: number;
  readonly jax_webgpu: number;
  readonly jax_wasm: number;
}

export interface StepSummary {
  readonly speedup: Speedup;
  /** Median of a pruned step over the dense one's. */
  readonly cost: { readonly topK: number; readonly magnitude: number };
  readonly dispatches: number;
  readonly submits: number;
  readonly overhead_ms: number;
  /** Our WebAssembly's median over PyTorch's; null where PyTorch did not run. */
  readonly wasm_over_pytorch: number | null;
  readonly speedups: Readonly<Record<string, Speedup>>;
}

export interface StepFigures extends StepSummary {
  readonly machine: Machine;
  readonly adapter: string | null;
  readonly versions: Readonly<Record<string, string | null>>;
  readonly models: Models;
}

export function stepSummary(models: Models): StepSummary {
  const small = contestantsOf(models, 'S');
  const dense = named(small, 'winnow_webgpu');
  const cost = (name: string) => named(small, name).median / dense.median;
  const { pytorch } = small;
  return {
    speedup: speedupOf(small),
    cost: { topK: cost('winnow_topK'), magnitude: cost('winnow_magnitude') },
    dispatches: dense.dispatches,
    submits: dense.submits,
    overhead_ms: dense.overhead_ms ?? Number.NaN,
    wasm_over_pytorch: pytorch ? named(small, 'winnow_wasm').median / pytorch.median : null,
    speedups: Object.fromEntries(
      Object.entries(models).map(([name, { contestants }]) => [name, speedupOf(contestants)]),
    ),
  };
}

function speedupOf(contestants: RaceFigures): Speedup {
  const over = (rival: string, ours: string) => named(contestants, rival).median / named(contestants, ours).median;
  return {
    tfjs: over('tfjs', 'winnow_webgpu'),
    jax_webgpu: over('jax_webgpu', 'winnow_webgpu'),
    jax_wasm: over('jax_wasm', 'winnow_wasm'),
  };
}

function named(contestants: RaceFigures, name: string): RacerFigures {
  const figures = contestants[name];
  if (!figures) throw new Error(`step figures: expected the contestant ${name}, got none`);
  return figures;
}

function contestantsOf(models: Models, name: string): RaceFigures {
  const figures = models[name];
  if (!figures) throw new Error(`step figures: expected the model ${name}, got none`);
  return figures.contestants;
}

export function stepTable(figures: StepFigures): string {
  const { cpu, cores } = figures.machine;
  const versions = Object.entries(figures.versions).map(([name, version]) => `${name} ${version ?? 'not run'}`);
  return [
    `${cpu}, ${cores} cores; adapter: ${figures.adapter}; ${versions.join(', ')}.`,
    ...Object.entries(figures.models).map(modelTable),
    targetTable(targetsOf(figures)),
  ].join('\n\n');
}

function modelTable([name, { sizes, stepsPerTurn, contestants }]: [string, ModelFigures]): string {
  const { layers, hidden, heads, feedForward, vocabulary, tokens, batch } = sizes;
  const title =
    `**${name}**: ${layers} layers, hidden ${hidden}, ${heads} heads, feed-forward ${feedForward}, ` +
    `vocabulary ${vocabulary}, ${tokens} tokens, batch ${batch}.` +
    (stepsPerTurn > 1 ? ` A turn is ${stepsPerTurn} steps and one loss read; times are of one step.` : '');
  const head = ['', 'median ms', 'least ms', 'turns', 'dispatches', 'submits', 'ms with empty dispatches'];
  const count = (value: number) => (value > 0 ? String(value) : '');
  const rows = Object.entries(contestants).map(([contestant, c]) => [
    contestant,
    shortNumber(c.median),
    shortNumber(c.min),
    String(c.n),
    count(c.dispatches),
    count(c.submits),
    c.overhead_ms === null ? '' : shortNumber(c.overhead_ms),
  ]);
  return `${title}\n\n${markdownTable(head, rows)}`;
}

function targetsOf({ models, speedups, cost, dispatches, submits, overhead_ms }: StepFigures): Target[] {
  const small = contestantsOf(models, 'S');
  const extra = (name: string) => named(small, name).dispatches - dispatches;
  const ahead = (model: string, rival: keyof Speedup, atLeast: number): Target => ({
    what: `${model}: ${rival} over ours`,
    value: speedups[model]?.[rival] ?? Number.NaN,
    atLeast,
  });
  return [
    ahead('S', 'tfjs', 15),
    ahead('S', 'jax_webgpu', 2.5),
    ahead('S', 'jax_wasm', 1),
    ahead('M', 'tfjs', 1),
    ahead('M', 'jax_webgpu', 1),
    ahead('D', 'jax_webgpu', 10),
    { what: 'S: dispatches', value: dispatches, atMost: 90 },
    { what: 'S: submits', value: submits, atMost: 1 },
    { what: 'S: ms with empty dispatches', value: overhead_ms, atMost: 3 },
    { what: 'S: topK over dense', value: cost.topK, atMost: 1.15 },
    { what: 'S: magnitude over dense', value: cost.magnitude, atMost: 1.15 },
    { what: 'S: further dispatches for topK', value: extra('winnow_topK'), atMost: 20 },
    { what: 'S: further dispatches for magnitude', value: extra('winnow_magnitude'), atMost: 20 },
  ];
}

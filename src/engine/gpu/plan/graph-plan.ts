// A graph compiled for one batch shape: forward alone for evaluation, forward and backward for training.
import type { Term } from '../executor.ts';
import { topologicalOrder, type Value } from '../graph.ts';
import { Compilation, type Environment } from './compilation.ts';
import type { Gpu } from './gpu.ts';
import { MAX_TERMS } from './kernels/adamw.ts';
import { finishColumnSums } from './kernels/column-sums.ts';
import type { MaskSet } from './mask-set.ts';
import { Plan } from './plan.ts';
import type { BufferPool } from './pool.ts';
import { kernel, read, STEP, uniform, write } from './shader.ts';
import { type Matrix, Storage } from './storage.ts';

export interface GraphPlan {
  readonly plan: Plan;
  readonly masks: MaskSet | null;
  /** What is read back, in the order asked for. */
  readonly outputs: readonly Matrix[];
  /** Parameters whose gradients the plan writes. */
  readonly gradientNames: ReadonlySet<string>;
  dispose(): void;
}

export interface GraphPlanContext extends Environment {
  readonly gpu: Gpu;
  readonly pool: BufferPool;
}

export async function evaluationPlan(context: GraphPlanContext, values: readonly Value[]): Promise<GraphPlan> {
  const compilation = new Compilation(context, values, new Set());
  const outputs = values.map((value) => compilation.matrixOf(value));
  for (const { view } of outputs) if (view.home instanceof Storage) compilation.recording.kept.add(view.home);
  return finish(context, compilation, outputs);
}

/** Accumulates gradients of Σ weight·term and the terms themselves, which go to `totals`. */
export async function trainingPlan(
  context: GraphPlanContext,
  o: { readonly terms: readonly Term[]; readonly trainable: ReadonlySet<string>; readonly totals: GPUBuffer },
): Promise<GraphPlan> {
  const { terms, trainable, totals } = o;
  if (terms.length > MAX_TERMS) throw new Error(`plan: expected at most ${MAX_TERMS} terms, got ${terms.length}`);
  const values = terms.map(({ value }) => value);
  const compilation = new Compilation(context, values, trainable);
  addTerms(compilation, values, totals);
  compilation.backward(terms.map(({ name, value }, index) => ({ value, gradient: seedOf(compilation, name, index) })));
  finishColumnSums(compilation);
  return finish(context, compilation, []);
}

/** Trainable parameters that the terms depend on. */
export function reachedParameters(terms: readonly Term[], trainable: ReadonlySet<string>): Set<string> {
  const inputs = topologicalOrder(terms.map(({ value }) => value)).flatMap((operation) => operation.inputs);
  const names = inputs.flatMap((input) => (input.kind === 'parameter' ? [input.name] : []));
  return new Set(names.filter((name) => trainable.has(name)));
}

async function finish(
  { gpu, pool, masks }: GraphPlanContext,
  { recording, gradientNames }: Compilation,
  outputs: readonly Matrix[],
): Promise<GraphPlan> {
  const plan = await Plan.build(gpu, pool, recording);
  return { plan, masks, outputs, gradientNames, dispose: () => plan.dispose() };
}

/** A term's weight as the gradient of its value. */
function seedOf(compilation: Compilation, name: string, index: number): Matrix {
  const view = compilation.recording.upload.region(`weight of ${name}`, {
    words: 4,
    element: 'f32',
    source: ({ termWeights }) => [termWeights[index] ?? 0],
  });
  return { rows: 1, columns: 1, stride: 4, format: 'f32', view };
}

function addTerms(compilation: Compilation, values: readonly Value[], totals: GPUBuffer): void {
  const bindings = values.map((value, index) => [`t${index}`, read(compilation.matrixOf(value).view, 'f32')] as const);
  const sums = values.map(
    (_, index) => `totals[${index}] = select(0.0, totals[${index}], adds) + step.share * t${index}[0];`,
  );
  compilation.emit(
    kernel({
      label: 'terms',
      threads: 1,
      workgroupSize: 1,
      bindings: {
        ...Object.fromEntries(bindings),
        totals: write({ home: totals, offset: 0, words: totals.size / 4 }, 'f32'),
        step: uniform(compilation.step, 'Step'),
      },
      declarations: STEP,
      body: `let adds = step.adds == 1u; ${sums.join(' ')}`,
    }),
  );
}

// The plan of one optimiser update, for one set of gradients and parameter groups.
import { biasCorrection } from '../bias-correction.ts';
import type { ParameterGroup, StepInputs, UpdateSettings } from '../executor.ts';
import type { Gpu } from './gpu.ts';
import type { HalfWeights } from './half-weights.ts';
import { type BlockSpan, MAX_GROUPS, recordUpdate, SETTINGS_WORDS } from './kernels/adamw.ts';
import { BLOCK, type GradientStore, type ParameterStore } from './parameter-store.ts';
import { Plan, Recording } from './plan.ts';
import type { BufferPool } from './pool.ts';
import { wholeOf } from './storage.ts';

export interface UpdateContext {
  readonly gpu: Gpu;
  readonly pool: BufferPool;
  readonly parameters: ParameterStore;
  readonly gradients: GradientStore;
  readonly halves: HalfWeights | null;
  readonly terms: GPUBuffer;
  readonly report: GPUBuffer;
}

const NO_INPUTS: StepInputs = { feeds: {}, threshold: 0, seed: 0 };

export class UpdatePlan {
  private settings: UpdateSettings | null = null;
  private plan: Plan | null = null;

  private constructor(private readonly groups: readonly ParameterGroup[]) {}

  static async build(
    context: UpdateContext,
    o: { readonly touched: ReadonlySet<string>; readonly groups: readonly ParameterGroup[]; readonly terms: number },
  ): Promise<UpdatePlan> {
    if (o.groups.length > MAX_GROUPS) {
      throw new Error(`update: expected at most ${MAX_GROUPS} parameter groups, got ${o.groups.length}`);
    }
    const made = new UpdatePlan(o.groups);
    const recording = new Recording();
    const settings = recording.upload.region('settings', {
      words: SETTINGS_WORDS,
      element: 'f32',
      source: () => made.settingsWords(),
    });
    const { parameters, gradients } = context;
    const halves = context.halves?.buffer;
    recordUpdate(recording, {
      spans: spansOf(context, o.touched, o.groups),
      terms: o.terms,
      views: {
        parameters: wholeOf(parameters.seal()),
        gradients: wholeOf(gradients.gradients ?? context.terms),
        first: wholeOf(gradients.first ?? context.terms),
        second: wholeOf(gradients.second ?? context.terms),
        terms: wholeOf(context.terms),
        report: wholeOf(context.report),
        settings,
        halves: halves ? wholeOf(halves) : null,
      },
    });
    made.plan = await Plan.build(context.gpu, context.pool, recording);
    return made;
  }

  get dispatchCount(): number {
    return this.plan?.dispatchCount ?? 0;
  }

  encode(encoder: GPUCommandEncoder, settings: UpdateSettings): void {
    this.settings = settings;
    this.plan?.encode(encoder, { inputs: NO_INPUTS, adds: false, share: 1, termWeights: [] });
  }

  dispose(): void {
    this.plan?.dispose();
  }

  private settingsWords(): number[] {
    if (!this.settings) throw new Error('update: expected settings');
    const { beta1, beta2, epsilon, maxGradNorm, groups } = this.settings;
    const corrections = biasCorrection(this.settings);
    return [
      ...[beta1, 1 - beta1, beta2, 1 - beta2, epsilon, maxGradNorm, 0, 0],
      ...groups
        .slice(0, this.groups.length)
        .flatMap(({ learningRate, weightDecay }) => [
          learningRate * corrections.first,
          1 - learningRate * weightDecay,
          corrections.second,
          0,
        ]),
    ];
  }
}

function spansOf(
  { parameters, gradients, halves }: UpdateContext,
  touched: ReadonlySet<string>,
  groups: readonly ParameterGroup[],
): BlockSpan[] {
  const groupOf = new Map(groups.flatMap(({ names }, index) => names.map((name) => [name, index] as const)));
  return [...touched].map((name) => {
    const { offset, words } = parameters.slotOf(name);
    return {
      gradient: gradients.offsetOf(name) / BLOCK,
      parameter: offset / BLOCK,
      blocks: Math.ceil(words / BLOCK),
      group: groupOf.get(name) ?? null,
      half: halves?.blockOf(name) ?? null,
    };
  });
}

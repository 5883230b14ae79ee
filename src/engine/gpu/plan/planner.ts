// Everything that an executor keeps on a GPU: parameters, gradients, and the plans of the graphs it has run. On a
// ledger in place of a device it lays out the same buffers, which is how a run's memory is estimated.
import type { ParameterGroup, Term } from '../executor.ts';
import { topologicalOrder, type Value } from '../graph.ts';
import type { Gpu } from './gpu.ts';
import {
  evaluationPlan,
  type GraphPlan,
  type GraphPlanContext,
  reachedParameters,
  trainingPlan,
} from './graph-plan.ts';
import { HalfWeights, productWeights } from './half-weights.ts';
import { MAX_TERMS, REPORT_WORDS } from './kernels/adamw.ts';
import { MaskSet, maskMembers } from './mask-set.ts';
import { GradientStore, ParameterStore } from './parameter-store.ts';
import { idOf, idOfNames, PlanCache } from './plan-cache.ts';
import { BufferPool } from './pool.ts';
import { SharedCache } from './shared-cache.ts';
import type { Format } from './storage.ts';
import { UpdatePlan } from './update-plan.ts';

export interface PlannerOptions {
  /** How activations are stored between kernels. */
  readonly precision: Format;
  /** Bytes of activations past which plans that have not run for longest are given up. */
  readonly budgetBytes: number;
}

export interface UpdateRequest {
  /** Parameters with a gradient. */
  readonly touched: ReadonlySet<string>;
  readonly groups: readonly ParameterGroup[];
  /** How many terms are reported. */
  readonly terms: number;
}

/** Updates kept ready: one per set of gradients and groups, so that a run has one or two. */
const MOST_UPDATES = 4;

export class Planner {
  readonly parameters: ParameterStore;
  readonly gradients: GradientStore;
  /** Null where products read f32 weights. */
  readonly halves: HalfWeights | null;
  readonly totals: GPUBuffer;
  readonly report: GPUBuffer;
  private readonly pool: BufferPool;
  private readonly graphs = new PlanCache<GraphPlan>();
  private readonly updates = new PlanCache<UpdatePlan>();
  private readonly maskSets = new SharedCache<MaskSet>();
  private builtFor = '';
  /** Graphs whose gradients and halves have a place. */
  private readonly prepared = new Set<string>();

  constructor(
    private readonly gpu: Gpu,
    private readonly options: PlannerOptions,
  ) {
    this.parameters = new ParameterStore(gpu);
    this.gradients = new GradientStore(gpu, this.parameters);
    this.totals = gpu.createBuffer('term totals', MAX_TERMS);
    this.report = gpu.createBuffer('report', REPORT_WORDS);
    this.pool = new BufferPool({ gpu, budgetBytes: options.budgetBytes, evict: () => this.evict() });
    this.halves = options.precision === 'f16' ? new HalfWeights(gpu, this.pool, this.parameters) : null;
  }

  evaluation(values: readonly Value[]): Promise<GraphPlan> {
    const key = `evaluate ${values.map(idOf)}`;
    this.settle(key, () => this.halves?.ensure(productWeights(topologicalOrder(values))));
    return this.graphs.get(key, () => this.build(values, (context) => evaluationPlan(context, values)));
  }

  training(terms: readonly Term[], trainable: ReadonlySet<string>): Promise<GraphPlan> {
    const values = terms.map(({ value }) => value);
    const key = `train ${values.map(idOf)} on ${idOfNames(trainable)}`;
    this.settle(key, () => {
      this.gradients.ensure(reachedParameters(terms, trainable));
      this.halves?.ensure(productWeights(topologicalOrder(values)));
    });
    const { totals } = this;
    return this.graphs.get(key, () =>
      this.build(values, (context) => trainingPlan(context, { terms, trainable, totals })),
    );
  }

  hasUpdate(request: UpdateRequest): boolean {
    return this.updates.has(keyOf(request));
  }

  async update(request: UpdateRequest): Promise<UpdatePlan> {
    this.settle();
    const { gpu, pool, parameters, gradients, halves, totals: terms, report } = this;
    const context = { gpu, pool, parameters, gradients, halves, terms, report };
    const plan = await this.updates.get(keyOf(request), () => UpdatePlan.build(context, request));
    if (this.updates.size > MOST_UPDATES) this.updates.dropOldest();
    return plan;
  }

  /**
   * Moves new parameters to the GPU and, before the first plan of a graph, makes room for what it writes. Plans made for
   * another layout are dropped.
   */
  private settle(key = '', makeRoom?: () => void): void {
    this.parameters.seal();
    if (!this.prepared.has(key)) makeRoom?.();
    this.prepared.add(key);
    const { parameters, gradients, halves } = this;
    const layout = `${parameters.layoutVersion}/${gradients.layoutVersion}/${halves?.layoutVersion}`;
    if (layout === this.builtFor) return;
    this.graphs.clear();
    this.updates.clear();
    halves?.reset();
    this.pool.trim();
    this.builtFor = layout;
  }

  private evict(): boolean {
    const hasEvicted = this.graphs.dropOldest();
    this.pool.trim();
    return hasEvicted;
  }

  private async build(
    values: readonly Value[],
    plan: (context: GraphPlanContext) => Promise<GraphPlan>,
  ): Promise<GraphPlan> {
    const { gpu, pool, parameters, gradients, halves } = this;
    const { precision } = this.options;
    const { tier } = gpu;
    await halves?.build();
    const shared = await this.masksOf(values);
    const masks = shared?.value ?? null;
    try {
      const made = await plan({ gpu, pool, parameters, gradients, halves, masks, precision, tier });
      return {
        ...made,
        dispose: () => {
          made.dispose();
          shared?.release();
        },
      };
    } catch (error) {
      shared?.release();
      throw error;
    }
  }

  private async masksOf(values: readonly Value[]) {
    const members = maskMembers(topologicalOrder(values));
    if (members.length === 0) return null;
    const key = members.map(({ operation, weight }) => `${idOf(operation)} ${weight}`).join();
    const { gpu, pool, parameters } = this;
    return this.maskSets.acquire(key, () => MaskSet.build({ gpu, pool, parameters, members }));
  }
}

function keyOf({ touched, groups, terms }: UpdateRequest): string {
  return `${groups.map(({ names }) => idOfNames(names))}/${idOfNames(touched)}/${terms}`;
}

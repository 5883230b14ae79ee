// Suite `step`: a training step of ours against the same step in stock TensorFlow.js and in jax-js, in one browser.
import type { ModelName } from '../../../tools/bench/models.ts';
import type { ContestantName } from '../../../tools/bench/race-page.ts';
import { randomWorkload, SIZES, type Sizes } from '../../../tools/bench/workload.ts';
import { type OpenPage, withPage } from '../browser.ts';
import { lossDisagreements } from './losses.ts';
import { browserOf, machine, versionOf } from './machine.ts';
import { enterPage } from './page-racer.ts';
import { enterPyTorch } from './pytorch.ts';
import { type RaceFigures, type Racer, race } from './race.ts';
import { type ModelFigures, stepSummary, stepTable } from './step-figures.ts';
import type { Suite } from './suite.ts';

interface Race {
  readonly model: ModelName;
  readonly contestants: readonly ContestantName[];
  readonly stepsPerTurn: number;
  readonly hasPyTorch: boolean;
}

const DENSE: readonly ContestantName[] = ['winnow_webgpu', 'tfjs', 'jax_webgpu', 'winnow_wasm', 'jax_wasm'];
const PRUNED: readonly ContestantName[] = ['winnow_topK', 'winnow_magnitude'];

const RACES: readonly Race[] = [
  // Ours dense and pruned follow each other, so that their ratio is taken over seconds.
  { model: 'S', contestants: ['winnow_webgpu', ...PRUNED, ...DENSE.slice(1)], stepsPerTurn: 1, hasPyTorch: true },
  { model: 'M', contestants: DENSE, stepsPerTurn: 1, hasPyTorch: false },
  { model: 'D', contestants: DENSE, stepsPerTurn: 50, hasPyTorch: false },
];

export const stepSuite: Suite = ({ steps, progress }) =>
  withPage({ name: 'bench' }, async (open) => {
    const models: Record<string, ModelFigures> = {};
    const failures: string[] = [];
    let adapter: string | null = null;
    let pytorch: string | null = null;
    for (const plan of RACES) {
      const say = (message: string) => progress(`${plan.model}: ${message}`);
      const entries = await enterAll(open, plan, say);
      adapter ??= entries.adapter;
      pytorch ??= entries.pytorch;
      const { racers } = entries;
      const { stepsPerTurn } = plan;
      const contestants = await race({ racers, rounds: steps, stepsPerTurn, progress: say }).finally(() =>
        closeAll(racers),
      );
      models[plan.model] = { sizes: entries.sizes, stepsPerTurn, contestants };
      failures.push(...lossDisagreements(plan.model, comparable(contestants)));
    }
    const figures = {
      machine: machine(),
      adapter,
      versions: {
        browser: await browserOf(open.page),
        tfjs: versionOf('@tensorflow/tfjs'),
        jax: versionOf('@jax-js/jax'),
        pytorch,
      },
      ...stepSummary(models),
      models,
    };
    return { figures, table: stepTable(figures), failures };
  });

interface Entries {
  readonly racers: readonly Racer[];
  readonly sizes: Sizes;
  readonly adapter: string | null;
  readonly pytorch: string | null;
}

async function enterAll(open: OpenPage, plan: Race, progress: (message: string) => void): Promise<Entries> {
  const entered = [];
  for (const name of plan.contestants) entered.push(await enterPage(await open.openAnother(), name, plan.model));
  const pytorch = plan.hasPyTorch ? await enterPyTorch(randomWorkload(SIZES.S)) : null;
  if (plan.hasPyTorch && !pytorch) progress('without PyTorch: WINNOW_PYTHON names no Python that has it');
  return {
    racers: [...entered.map(({ racer }) => racer), ...(pytorch ? [pytorch.racer] : [])],
    sizes: entered[0]!.sizes,
    adapter: entered[0]!.adapter,
    pytorch: pytorch?.version ?? null,
  };
}

async function closeAll(racers: readonly Racer[]): Promise<void> {
  await Promise.all(racers.map(({ close }) => close()));
}

/** Pruned models are other functions. */
function comparable(contestants: RaceFigures) {
  return Object.entries(contestants)
    .filter(([name]) => !PRUNED.some((pruned) => pruned === name))
    .map(([name, { losses }]) => ({ name, losses }));
}

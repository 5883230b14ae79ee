// Contestants that train the same model take turns, round after round: what else the machine does meets all of them
// alike. A turn is one step or, where steps take milliseconds, several: alone after the others' turns, such a step
// would mostly show how long processes take to wake.
import { type Summary, summarise } from './statistics.ts';

export interface StepFigures {
  readonly ms: number;
  readonly loss: number;
  readonly traffic?: Traffic;
  readonly trafficWithLoss?: Traffic;
}

interface Traffic {
  readonly dispatches: number;
  readonly submits: number;
}

export interface Racer {
  readonly name: string;
  step(): Promise<StepFigures>;
  /** Times of steps with empty dispatches, in ms; empty where there is no GPU to count. Spoils the model. */
  emptySteps(count: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface RacerFigures extends Summary {
  /** Of a step whose loss is not read. */
  readonly dispatches: number;
  readonly submits: number;
  readonly submits_with_loss: number;
  /** A step, its loss read, when no dispatch computes anything. */
  readonly overhead_ms: number | null;
  readonly losses: readonly number[];
}

export type RaceFigures = Readonly<Record<string, RacerFigures>>;

export interface RaceOptions {
  readonly racers: readonly Racer[];
  readonly rounds: number;
  readonly stepsPerTurn?: number;
  readonly progress: (message: string) => void;
}

/** Rounds before the timed ones: what is compiled, is compiled in the first. */
const WARM_UP = 1;

export async function race({ racers, rounds, stepsPerTurn = 1, progress }: RaceOptions): Promise<RaceFigures> {
  const taken = new Map<string, StepFigures[]>(racers.map(({ name }) => [name, []]));
  for (let round = 1 - WARM_UP; round <= rounds; round++) {
    for (const { name, step } of racers) {
      for (let turn = 0; turn < stepsPerTurn; turn++) taken.get(name)!.push(await step());
    }
    const times = [...taken].map(([name, steps]) => `${name} ${steps.at(-1)!.ms.toFixed(1)}`);
    progress(`${round < 1 ? 'warm-up' : `round ${round}/${rounds}`}, ms: ${times.join(', ')}`);
  }
  const figures: Record<string, RacerFigures> = {};
  for (const { name, emptySteps } of racers) {
    const timed = taken.get(name)!.slice(WARM_UP * stepsPerTurn);
    figures[name] = figuresOf(taken.get(name)!, timed, await emptySteps(rounds * stepsPerTurn));
  }
  return figures;
}

function figuresOf(
  steps: readonly StepFigures[],
  timed: readonly StepFigures[],
  emptyTimes: readonly number[],
): RacerFigures {
  const { traffic, trafficWithLoss } = steps.at(-1)!;
  return {
    ...summarise(timed.map(({ ms }) => ms)),
    dispatches: traffic?.dispatches ?? 0,
    submits: traffic?.submits ?? 0,
    submits_with_loss: trafficWithLoss?.submits ?? 0,
    overhead_ms: emptyTimes.length === 0 ? null : summarise(emptyTimes).median,
    losses: steps.map(({ loss }) => loss),
  };
}

// Contestants that train the same model take turns, round after round: what else the machine does meets all of them
// alike. A turn is one step or, where steps take milliseconds, several with one loss read at their end, as in training:
// alone, such a step would mostly show how long processes take to wake, and how often a browser asks a device whether
// it is done.
import { setTimeout } from 'node:timers/promises';
import { type Summary, summarise } from './statistics.ts';

export interface TurnFigures {
  /** Of one step. */
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
  turn(steps: number): Promise<TurnFigures>;
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

/** Before each turn: what a contestant leaves to be cleaned up should not slow the next. */
const SETTLING_MS = 300;

/** Many, as they are cheap: a browser sees within two milliseconds, sooner or later, that a device is done. */
const EMPTY_STEPS = 50;

/** Rounds before the timed ones: what is compiled, is compiled in the first. */
const WARM_UP = 1;

export async function race({ racers, rounds, stepsPerTurn = 1, progress }: RaceOptions): Promise<RaceFigures> {
  const taken = new Map<string, TurnFigures[]>(racers.map(({ name }) => [name, []]));
  for (let round = 1 - WARM_UP; round <= rounds; round++) {
    for (const { name, turn } of racers) {
      await setTimeout(SETTLING_MS);
      taken.get(name)!.push(await turn(stepsPerTurn));
    }
    const times = [...taken].map(([name, turns]) => `${name} ${turns.at(-1)!.ms.toFixed(1)}`);
    progress(`${round < 1 ? 'warm-up' : `round ${round}/${rounds}`}, ms: ${times.join(', ')}`);
  }
  const figures: Record<string, RacerFigures> = {};
  for (const { name, emptySteps } of racers) {
    figures[name] = figuresOf(taken.get(name)!, await emptySteps(EMPTY_STEPS));
  }
  return figures;
}

function figuresOf(turns: readonly TurnFigures[], emptyTimes: readonly number[]): RacerFigures {
  const { traffic, trafficWithLoss } = turns.at(-1)!;
  return {
    ...summarise(turns.slice(WARM_UP).map(({ ms }) => ms)),
    dispatches: traffic?.dispatches ?? 0,
    submits: traffic?.submits ?? 0,
    submits_with_loss: trafficWithLoss?.submits ?? 0,
    overhead_ms: emptyTimes.length === 0 ? null : summarise(emptyTimes).median,
    losses: turns.map(({ loss }) => loss),
  };
}

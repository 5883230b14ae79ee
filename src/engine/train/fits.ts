// Which of a run's choices fit: smaller micro-batches and layers computed again give the same updates in less memory.
import { estimateMemory, type MemoryEstimate, type MemoryRequest } from './memory.ts';
import type { TrainingShape } from './program.ts';

export interface Choice {
  /** By how much micro-batches are smaller than asked for, and their number greater: 1, 2, 4, … */
  readonly split: number;
  readonly recomputesLayers: boolean;
  /** Time of an update against that of the fastest choice, 1 and up: a guess. */
  readonly relativeTime: number;
  readonly estimate: MemoryEstimate;
}

/** A forward pass is a third of a step. */
const RECOMPUTATION_TIME = 4 / 3;
/** What halving a micro-batch costs: more dispatches, smaller products. */
const SPLIT_TIME = 1.06;

/**
 * Every way to make the same updates, the fastest first, each estimated when it is asked for; `estimate.fits` tells
 * which are possible. Micro-batches are halved as long as all of them are even.
 */
export async function* choicesOf(request: MemoryRequest): AsyncGenerator<Choice, void, void> {
  for (const way of waysOf(request)) yield { ...way, estimate: await estimateMemory(splitRequest(request, way)) };
}

type Way = Omit<Choice, 'estimate'>;

function waysOf(request: MemoryRequest): Way[] {
  const ways: Way[] = [];
  for (let halvings = 0; isDivisible(request.training, 2 ** halvings); halvings++) {
    for (const recomputesLayers of [false, true]) {
      const split = 2 ** halvings;
      const relativeTime = SPLIT_TIME ** halvings * (recomputesLayers ? RECOMPUTATION_TIME : 1);
      ways.push({ split, recomputesLayers, relativeTime });
    }
  }
  return ways.sort((a, b) => a.relativeTime - b.relativeTime);
}

const isDivisible = (shapes: readonly TrainingShape[], split: number): boolean =>
  split === 1 ||
  (shapes.length > 0 && shapes.every(({ batchSize, pairs = 0 }) => batchSize % split === 0 && pairs % split === 0));

function splitRequest(request: MemoryRequest, { split, recomputesLayers }: Way): MemoryRequest {
  return {
    ...request,
    program: { ...request.program, recomputesLayers },
    accumulation: request.accumulation * split,
    training: request.training.map(({ batchSize, pairs = 0, masked = 0, tokens }) => ({
      batchSize: batchSize / split,
      pairs: pairs / split,
      masked: masked / split,
      tokens,
    })),
  };
}

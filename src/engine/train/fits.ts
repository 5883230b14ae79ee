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
 * Every way to make the same updates, the fastest first; `estimate.fits` tells which are possible. Micro-batches are
 * halved as long as all of them are even.
 */
export async function choicesOf(request: MemoryRequest): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (let halvings = 0; isDivisible(request.training, 2 ** halvings); halvings++) {
    for (const recomputesLayers of [false, true]) {
      const split = 2 ** halvings;
      const relativeTime = SPLIT_TIME ** halvings * (recomputesLayers ? RECOMPUTATION_TIME : 1);
      const estimate = await estimateMemory(splitRequest(request, split, recomputesLayers));
      choices.push({ split, recomputesLayers, relativeTime, estimate });
    }
  }
  return choices.sort((a, b) => a.relativeTime - b.relativeTime);
}

const isDivisible = (shapes: readonly TrainingShape[], split: number): boolean =>
  split === 1 ||
  (shapes.length > 0 && shapes.every(({ batchSize, pairs = 0 }) => batchSize % split === 0 && pairs % split === 0));

function splitRequest(request: MemoryRequest, split: number, recomputesLayers: boolean): MemoryRequest {
  return {
    ...request,
    program: { ...request.program, recomputesLayers },
    accumulation: request.accumulation * split,
    training: request.training.map(({ batchSize, pairs = 0, tokens }) => ({
      batchSize: batchSize / split,
      pairs: pairs / split,
      tokens,
    })),
  };
}

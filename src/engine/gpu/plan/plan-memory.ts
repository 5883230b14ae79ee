// What a run will hold on a GPU: its plans laid out on a ledger, by the very planner that will lay them out there.
import type { ParameterGroup } from '../executor.ts';
import type { Shape, Value } from '../graph.ts';
import type { BytesByKind } from '../holdings.ts';
import { Ledger } from './ledger.ts';
import { Planner, type PlannerOptions } from './planner.ts';
import type { Tier } from './tier.ts';

export interface PlanMemoryRequest extends PlannerOptions {
  readonly tier: Tier;
  readonly parameters: ReadonlyMap<string, Shape>;
  readonly groups: readonly ParameterGroup[];
  /** The terms of every training graph, in the order of their first steps. */
  readonly training: readonly (readonly Value[])[];
  /** The values of every evaluation, after training has begun. */
  readonly evaluation: readonly (readonly Value[])[];
}

export interface PlanMemory {
  /** At the moment when most is held. */
  readonly byKind: BytesByKind;
  readonly largestBuffer: number;
  /** Bytes of one parameter. */
  readonly bytesOf: (name: string) => number;
}

export async function planMemory(request: PlanMemoryRequest): Promise<PlanMemory> {
  const ledger = new Ledger(request.tier);
  const planner = new Planner(ledger, request);
  for (const [name, shape] of request.parameters) planner.parameters.declare(name, shape);
  const trainable = new Set(request.groups.flatMap(({ names }) => names));
  for (const values of request.training) {
    const terms = values.map((value, index) => ({ name: `term ${index}`, value, weight: 1 }));
    const { gradientNames } = await planner.training(terms, trainable);
    await planner.update({ touched: gradientNames, groups: request.groups, terms: terms.length });
  }
  for (const values of request.evaluation) await planner.evaluation(values);
  const bytesOf = (name: string) => 4 * planner.parameters.slotOf(name).words;
  return { byKind: ledger.peakByKind, largestBuffer: ledger.largestBytes, bytesOf };
}

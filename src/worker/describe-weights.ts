// A finished run's weights in numbers: how those that it kept are spread, how far they moved, and which came back.
import { DistributionBuilder } from '../engine/pruning/distribution.ts';
import { finalReturns, type MaskHistory, turnover } from '../engine/pruning/mask-history.ts';
import type { ReportBytes, WeightReturns, WeightsDescription } from '../runs/protocol.ts';
import type { MatrixReader } from './matrix.ts';

interface DescribeOptions {
  readonly runId: string;
  /** Null: all masked matrices together. */
  readonly name: string | null;
  readonly onProgress: ReportBytes;
  readonly breathe: () => Promise<void>;
}

export async function describeWeights(
  reader: Pick<MatrixReader, 'read' | 'namesOf'>,
  { runId, name, onProgress, breathe }: DescribeOptions,
): Promise<WeightsDescription> {
  const names = name === null ? await reader.namesOf(runId) : [name];
  const builder = new DistributionBuilder();
  let returns: WeightReturns | null = null;
  let done = 0;
  for (const each of names) {
    const data = await reader.read(runId, each);
    await breathe();
    builder.add(data);
    if (data.history) returns = sumOf(returns, returnsOf(data.history));
    done += data.finetuned.byteLength;
    onProgress(done, 0);
  }
  return { ...builder.distribution(), returns };
}

const returnsOf = (history: MaskHistory): WeightReturns => ({
  steps: history.steps,
  returned: turnover(history).map(({ revived }) => revived),
  forGood: [...finalReturns(history)],
});

/** All matrices of a run are recorded at the same steps. */
function sumOf(a: WeightReturns | null, b: WeightReturns): WeightReturns {
  if (!a) return b;
  const add = (left: readonly number[], right: readonly number[]) =>
    left.map((value, index) => value + (right[index] as number));
  return { steps: a.steps, returned: add(a.returned, b.returned), forGood: add(a.forGood, b.forGood) };
}

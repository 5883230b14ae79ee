// What a run leaves on the disk: its checkpoints while it goes on, its weights in the end.
import { maskedMatrices } from '../engine/model/architecture.ts';
import { scoresName } from '../engine/pruning/masked-linear.ts';
import type { DiskNeed } from '../runs/protocol.ts';
import type { RunSpec } from '../runs/spec.ts';
import { type Blueprint, shapesOf } from './blueprint.ts';
import { sum } from './metric-rows.ts';
import { selectsByDev } from './selection.ts';
import { groupsOf, usesScores } from './training-job.ts';

const FLOAT = 4;
/** One is written whole before the older of the last two goes. */
const MOST_CHECKPOINTS = 3;

/** The most that it can be: masks that seldom change have a shorter history. */
export function diskNeed(spec: RunSpec, blueprint: Blueprint): DiskNeed {
  const { pruning, training } = spec;
  const sizes = new Map([...shapesOf(blueprint)].map(([name, shape]) => [name, sizeOf(shape)]));
  const weights = FLOAT * sum([...sizes.values()]);
  const matrices = pruning.pruning_method === 'none' ? [] : maskedMatrices(blueprint.config);
  for (const { name, rows, columns } of matrices) sizes.set(scoresName(name), rows * columns);
  const prunable = sum(matrices.map(({ rows, columns }) => rows * columns));
  const history = matrices.length > 0 ? pruning.mask_history_mb * 1e6 : 0;

  const trained =
    FLOAT * sum(groupsOf(spec, blueprint).flatMap(({ names }) => names.map((name) => sizes.get(name) ?? 0)));
  // What learns, Adam's two moments, what a loss that runs away goes back to, and what dev has chosen.
  const copies = 4 + (selectsByDev(spec) ? 1 : 0);
  const checkpointBytes = training.save_steps > 0 ? copies * trained + history : 0;
  const finalBytes = weights + prunable / 8 + (usesScores(pruning) ? FLOAT * prunable : 0) + history;
  const mostBytes = Math.max(MOST_CHECKPOINTS * checkpointBytes, (MOST_CHECKPOINTS - 1) * checkpointBytes + finalBytes);
  return { checkpointBytes, finalBytes, mostBytes };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

// From a run cell to the RunSpec that the worker, batch mode and the clipboard understand, and back.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import type { RunSpec } from '../runs/spec.ts';
import {
  expandSweep,
  neededBy,
  type PlannedRun,
  type RunPlan,
  runPlanSchema,
  withCounterparts,
} from '../runs/sweep.ts';
import { type Cell, type CellOf, cellsOf, findCell, type NotebookDocument } from './document.ts';
import { freeName } from './new-cells.ts';
import { addCell, type Transition, updateCell } from './transitions.ts';

export function resolveRunSpec(document: NotebookDocument, cellId: string): RunSpec {
  const run =
    findCell(document, 'run', cellId) ?? fail('Run: expected a run cell, got none. It may have been deleted.');
  const name = checkName(document, run);
  const model = findCell(document, 'model', run.modelCell)?.choice ?? fail(`${name}: no model. Choose a model cell.`);
  const data = findCell(document, 'data', run.dataCell)?.choice ?? fail(`${name}: no data. Choose a data cell.`);
  const { training, pruning, distillation, few_shot, uda, mlm, starts_from } = run;
  if (distillation) checkEarlier(document, run, { role: 'teacher', name: distillation.teacher });
  if (starts_from !== null) checkEarlier(document, run, { role: 'start', name: starts_from });
  return { name, model, data, training, pruning, distillation, few_shot, uda, mlm, starts_from };
}

/** With what the cell sweeps over, if it does. */
export function resolveRunPlan(document: NotebookDocument, cellId: string): RunPlan {
  return { ...resolveRunSpec(document, cellId), sweep: findCell(document, 'run', cellId)?.sweep ?? null };
}

/** The runs of a cell: one, or those of its sweep. */
export function resolveRuns(document: NotebookDocument, cellId: string): readonly PlannedRun[] {
  const planNamed = (name: string) => {
    const earlier = cellsOf(document, 'run').find((cell) => cell.name === name);
    return earlier?.sweep ? resolveRunPlan(document, earlier.id) : null;
  };
  return expandSweep(resolveRunPlan(document, cellId)).map(({ variant, spec }) => ({
    variant,
    spec: withCounterparts(spec, planNamed),
  }));
}

/** The runs of a cell; none where it cannot run as it is set. */
export function tryResolveRuns(document: NotebookDocument, cellId: string): readonly PlannedRun[] {
  try {
    return resolveRuns(document, cellId);
  } catch (error) {
    if (error instanceof WinnowError) return [];
    throw error;
  }
}

/**
 * Run cells in the order in which they can run: as in the document, but each after those that it needs.
 * Throws where runs need each other in a circle.
 */
export function runOrder(document: NotebookDocument, cellIds: readonly string[]): readonly string[] {
  const runs = cellsOf(document, 'run');
  const ordered: string[] = [];
  const visit = (run: CellOf<'run'>, waiting: readonly string[]) => {
    if (ordered.includes(run.id)) return;
    if (waiting.includes(run.id)) fail(`${run.name}: is its own teacher or start. Choose another run.`);
    const needed = neededBy(run);
    for (const other of runs) {
      if (needed.includes(other.name) && cellIds.includes(other.id)) visit(other, [...waiting, run.id]);
    }
    ordered.push(run.id);
  };
  for (const run of runs) if (cellIds.includes(run.id)) visit(run, []);
  return ordered;
}

/** Puts a plan into a run cell; model and data cells are reused where equal, else added before it. */
export const importRunPlan =
  (cellId: string, plan: RunPlan, newId: () => string): Transition =>
  (document) => {
    const { model, data, ...settings } = plan;
    const ownName = findCell(document, 'run', cellId)?.name;
    const name = plan.name === ownName ? plan.name : freeName(document, plan.name);
    const [withModel, modelCell] = cellWith(document, cellId, { kind: 'model', id: newId(), choice: model });
    const [withData, dataCell] = cellWith(withModel, cellId, { kind: 'data', id: newId(), choice: data });
    return updateCell(cellId, 'run', { ...settings, name, modelCell, dataCell })(withData);
  };

export function parseRunPlan(text: string): RunPlan {
  const result = runPlanSchema.safeParse(withCurrentNames(parseJson(text)));
  if (result.success) return result.data;
  return fail(`Settings: ${z.prettifyError(result.error)}`);
}

function checkName(document: NotebookDocument, run: CellOf<'run'>): string {
  if (run.name.trim() === '') fail('Run: expected a name, got none. Name the run.');
  const namesakes = cellsOf(document, 'run').filter(({ name }) => name === run.name);
  if (namesakes.length > 1) fail(`${run.name}: ${namesakes.length} runs have this name. Give each its own.`);
  return run.name;
}

function checkEarlier(
  document: NotebookDocument,
  run: CellOf<'run'>,
  { role, name }: { readonly role: 'teacher' | 'start'; readonly name: string },
): void {
  const runs = cellsOf(document, 'run');
  const where = `${run.name}: its ${role} “${name}”`;
  const earlier =
    runs.find((other) => other.name === name) ?? fail(`${where} is not in this notebook. Choose a run that is.`);
  if (earlier.id === run.id) fail(`${run.name}: is its own ${role}. Choose another ${role}.`);
  const { pruning_method: method } = earlier.pruning;
  if (method !== 'none') fail(`${where} is pruned by ${method}, and a ${role} must be dense. Choose a dense run.`);
}

function cellWith(
  document: NotebookDocument,
  before: string,
  cell: CellOf<'model'> | CellOf<'data'>,
): readonly [NotebookDocument, string] {
  const wanted = JSON.stringify(cell.choice);
  const hasChoice = (other: Cell) => other.kind === cell.kind && JSON.stringify(other.choice) === wanted;
  const known = document.cells.find(hasChoice);
  if (known) return [document, known.id];
  const index = document.cells.findIndex(({ id }) => id === before);
  return [addCell(cell, index)(document), cell.id];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WinnowError('bad-settings', 'Settings: expected JSON as “Copy settings” gives it.', { cause });
  }
}

/** Names that Hugging Face's scripts had before TrainingArguments settled. */
const formerNames: Readonly<Record<string, string>> = {
  per_gpu_train_batch_size: 'per_device_train_batch_size',
  per_gpu_eval_batch_size: 'per_device_eval_batch_size',
};

function withCurrentNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('training' in value)) return value;
  const { training } = value;
  if (typeof training !== 'object' || training === null) return value;
  const renamed = Object.entries(training).map(([key, setting]) => [formerNames[key] ?? key, setting]);
  return { ...value, training: Object.fromEntries(renamed) };
}

function fail(message: string): never {
  throw new WinnowError('bad-settings', message);
}

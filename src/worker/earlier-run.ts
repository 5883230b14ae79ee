// Finished dense runs, by name, as teachers and as starts of others.
import { WinnowError } from '../engine/error.ts';
import type { HostTensor } from '../engine/gpu/executor.ts';
import { namesOf } from '../engine/model/architecture.ts';
import type { Checkpoint } from '../engine/model/checkpoint.ts';
import type { Artefact } from './artefact.ts';
import { findRunNamed, loadArtefact } from './run-store.ts';

/** Ids of the runs among which names are looked up, so that another notebook's run of the same name is none; null: all. */
export type RunSources = readonly string[] | null;

/** @throws WinnowError `bad-settings` where no finished run has the name, or it was pruned. */
export async function loadEarlierRun(role: 'Teacher' | 'Start', name: string, sources: RunSources): Promise<Artefact> {
  const found = await findRunNamed(name, sources);
  if (!found) {
    throw new WinnowError(
      'bad-settings',
      `${role}: expected a finished run named "${name}", got none. Run it first, or choose another.`,
    );
  }
  const artefact = await loadArtefact(found.runId);
  const { pruning_method: method } = artefact.spec.pruning;
  if (method === 'none') return artefact;
  throw new WinnowError(
    'bad-settings',
    `${role} "${name}": expected a dense run, got one pruned by ${method}. Choose a dense run.`,
  );
}

/**
 * A checkpoint with the weights of an earlier run in place of the model's own. Heads that the earlier run has no equal
 * of stay: those of another task, or of other labels.
 * @throws WinnowError `bad-settings` where the encoders differ.
 */
export function startFrom(checkpoint: Checkpoint, earlier: Artefact, labels: readonly string[]): Checkpoint {
  const { base, classification } = namesOf(checkpoint.config.architecture);
  const hasSameLabels = earlier.labels.join('\n') === labels.join('\n');
  const tensors = new Map<string, HostTensor>();
  for (const [name, own] of checkpoint.tensors) {
    const given = earlier.weights.get(name);
    const isEncoder = name.startsWith(`${base}.`) && !name.startsWith(classification.hidden);
    const isStrange = name.startsWith(`${classification.classifier}.`) && !hasSameLabels;
    const isTaken = isEncoder || (given !== undefined && !isStrange);
    tensors.set(name, isTaken ? checkShape(earlier.spec.name, name, own, given) : own);
  }
  return { ...checkpoint, tensors };
}

function checkShape(run: string, name: string, own: HostTensor, given: HostTensor | undefined): HostTensor {
  if (given && String(own.shape) === String(given.shape)) return given;
  const got = given ? `[${given.shape}]` : 'none';
  throw new WinnowError(
    'bad-settings',
    `Start "${run}": expected ${name} of shape [${own.shape}], got ${got}. Choose a run of the same model and layers.`,
  );
}

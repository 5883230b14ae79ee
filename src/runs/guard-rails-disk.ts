// Whether a run finds room for its checkpoints and its weights, said before it starts.
import { bytes } from './bytes.ts';
import type { Finding } from './guard-rails.ts';
import type { DiskNeed } from './protocol.ts';

/** `freeBytes`: what the browser has left for this page; null where it does not say. */
export function checkRoom(need: DiskNeed, freeBytes: number | null): readonly Finding[] {
  const { checkpointBytes, finalBytes, mostBytes } = need;
  if (freeBytes === null || mostBytes <= freeBytes) return [];
  const left = `and the browser has ${bytes(freeBytes)} left for this page`;
  const advice = 'Remove runs, checkpoints or models that you no longer need';
  if (checkpointBytes === 0 || finalBytes > freeBytes) {
    return [{ level: 'warning', text: `Its weights take up to ${bytes(finalBytes)} on the disk, ${left}. ${advice}.` }];
  }
  const parts = `up to three checkpoints of ${bytes(checkpointBytes)} at a time and weights of ${bytes(finalBytes)}`;
  return [
    {
      level: 'warning',
      text: `Takes up to ${bytes(mostBytes)} on the disk (${parts}), ${left}. ${advice}; or keep no checkpoints, and begin anew where the run is cut off.`,
      remedies: [{ label: 'Keep no checkpoints', training: { save_steps: 0 } }],
    },
  ];
}

/** Null in browsers that do not say. */
export async function freeBytesNow(): Promise<number | null> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
}

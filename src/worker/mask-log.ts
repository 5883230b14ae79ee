// The masks of a run as it trains, recorded within the budget that its settings state.
import { type MaskHistory, MaskRecorder } from '../engine/pruning/mask-history.ts';
import type { MaskCourse } from './checkpoint.ts';
import { type FinalMasks, readMasks } from './masks.ts';
import type { RunSetup } from './training-job.ts';

const MB = 1e6;

/** Null for a dense run, and where no history is wanted. */
export function maskLogOf(setup: RunSetup, before: MaskCourse | null): MaskLog | null {
  const { program, spec } = setup;
  return program.masks.length > 0 && spec.pruning.mask_history_mb > 0 ? new MaskLog(setup, before) : null;
}

export class MaskLog {
  private readonly recorder: MaskRecorder;
  private lastStep = 0;

  constructor(
    private readonly setup: RunSetup,
    before: MaskCourse | null,
  ) {
    const { program, plan, spec } = setup;
    this.recorder = new MaskRecorder({
      sizes: program.matrices.map(({ rows, columns }) => rows * columns),
      totalSteps: plan.totalSteps,
      budgetBytes: spec.pruning.mask_history_mb * MB,
    });
    if (!before) return;
    const histories = program.matrices.flatMap(({ name }) => before.histories.get(name) ?? []);
    this.recorder.restore(histories, before.interval);
    this.lastStep = histories[0]?.steps.at(-1) ?? 0;
  }

  /** Records the masks of update `step` if they are due; nothing is read otherwise. */
  async look(step: number, threshold: number): Promise<void> {
    if (!this.recorder.isDue(step)) return;
    this.add(step, await readMasks(this.setup.executor, this.setup.program, threshold, false));
  }

  /** A run that was stopped ends between two records. */
  end(step: number, masks: FinalMasks): void {
    if (step > this.lastStep) this.add(step, masks);
  }

  /** Forgets what came after `step`. */
  rewind(step: number): void {
    this.recorder.rewind(step);
    this.lastStep = Math.min(this.lastStep, step);
  }

  /** So far, to go on from. */
  course(): MaskCourse {
    return { interval: this.recorder.interval, histories: this.histories() };
  }

  /** By weight name. */
  histories(): ReadonlyMap<string, MaskHistory> {
    const names = this.setup.program.matrices.map(({ name }) => name);
    return new Map(this.recorder.histories().map((history, index) => [names[index] as string, history]));
  }

  private add(step: number, { bits }: FinalMasks): void {
    this.recorder.record(step, [...bits.values()]);
    this.lastStep = step;
  }
}

// How masks changed while a run trained, as what differs from one recorded step to the next. Before the first update
// every weight is kept, so the first difference is against that. A difference undoes itself, so a history plays
// backwards as well as forwards.
import { WinnowError } from '../error.ts';
import { maskBit } from './agreement.ts';

/** One matrix: `changes[i]` leads from the mask at `steps[i − 1]` (or from "all kept") to the one at `steps[i]`. */
export interface MaskHistory {
  readonly weights: number;
  readonly steps: readonly number[];
  readonly changes: readonly Uint8Array[];
}

export interface RecorderOptions {
  /** Weights of each matrix. */
  readonly sizes: readonly number[];
  readonly totalSteps: number;
  /** Most bytes of all changes together. */
  readonly budgetBytes: number;
}

/** Recorded steps of a run whose changes fit the budget. */
const MOST_RECORDS = 100;

/**
 * Records masks at evenly spaced steps. Whenever the changes outgrow the budget, every second record is merged into
 * the one after it and from then on half as many are taken: less fine, never wrong, and never past the budget except
 * by what a single change takes.
 */
export class MaskRecorder {
  /** Steps from one record to the next. */
  interval: number;
  private readonly steps: number[] = [];
  /** By record, then by matrix. */
  private readonly changes: Uint8Array[][] = [];
  private readonly last: Uint8Array[];

  constructor(private readonly options: RecorderOptions) {
    this.interval = Math.max(1, Math.ceil(options.totalSteps / MOST_RECORDS));
    this.last = options.sizes.map(allKept);
  }

  isDue(step: number): boolean {
    const { totalSteps, budgetBytes } = this.options;
    return budgetBytes > 0 && (step % this.interval === 0 || step === totalSteps);
  }

  get bytes(): number {
    return this.changes.flat().reduce((total, { length }) => total + length, 0);
  }

  /** `masks` are packed bits, one per matrix, as of `step`; steps rise. */
  record(step: number, masks: readonly Uint8Array[]): void {
    const before = this.steps.at(-1) ?? 0;
    if (step <= before)
      throw new WinnowError('internal', `mask history: expected a step after ${before}, got ${step}.`);
    this.changes.push(masks.map((mask, index) => encodeChange(difference(this.last[index] as Uint8Array, mask))));
    this.steps.push(step);
    for (const [index, mask] of masks.entries()) this.last[index]?.set(mask);
    while (this.bytes > this.options.budgetBytes && this.steps.length > 1) this.thin();
  }

  /** Forgets what was recorded after `step`: training went back to it. */
  rewind(step: number): void {
    while ((this.steps.at(-1) ?? 0) > step) {
      this.steps.pop();
      const undone = this.changes.pop() ?? [];
      for (const [index, change] of undone.entries()) applyChange(this.last[index] as Uint8Array, change);
    }
  }

  /** Goes on from what an earlier recorder had, one history per matrix, at its interval. */
  restore(histories: readonly MaskHistory[], interval: number): void {
    this.interval = interval;
    for (const [record, step] of (histories[0]?.steps ?? []).entries()) {
      const changes = histories.map((history) => history.changes[record] as Uint8Array);
      this.steps.push(step);
      this.changes.push(changes);
      for (const [index, change] of changes.entries()) applyChange(this.last[index] as Uint8Array, change);
    }
  }

  histories(): MaskHistory[] {
    return this.options.sizes.map((weights, index) => ({
      weights,
      steps: [...this.steps],
      changes: this.changes.map((record) => record[index] as Uint8Array),
    }));
  }

  private thin(): void {
    this.interval *= 2;
    const { length } = this.steps;
    // From the back, so that the newest record stays and earlier indices hold.
    for (let index = length - 2; index >= 0; index -= 2) {
      const [dropped] = this.changes.splice(index, 1);
      this.steps.splice(index, 1);
      this.changes[index] = (this.changes[index] as Uint8Array[]).map((change, matrix) =>
        merge(dropped?.[matrix] as Uint8Array, change, this.options.sizes[matrix] as number),
      );
    }
  }
}

/** A place in a history, with the mask as of it. */
export class MaskPlayer {
  /** Records applied so far; 0 stands before the first update. */
  private applied = 0;
  readonly mask: Uint8Array;

  constructor(private readonly history: MaskHistory) {
    this.mask = allKept(history.weights);
  }

  /** The mask as of the last record at or before `step`; the same array each time. */
  seek(step: number): Uint8Array {
    const { steps, changes } = this.history;
    while (this.applied < steps.length && (steps[this.applied] as number) <= step) {
      applyChange(this.mask, changes[this.applied++] as Uint8Array);
    }
    while (this.applied > 0 && (steps[this.applied - 1] as number) > step) {
      applyChange(this.mask, changes[--this.applied] as Uint8Array);
    }
    return this.mask;
  }
}

/** What a record changed: weights newly pruned, and weights that came back. */
export interface Turnover {
  readonly step: number;
  readonly pruned: number;
  readonly revived: number;
}

export function turnover(history: MaskHistory): Turnover[] {
  const mask = allKept(history.weights);
  return history.steps.map((step, index) => {
    let [pruned, revived] = [0, 0];
    forEachChange(history.changes[index] as Uint8Array, (weight) => {
      const bit = 1 << (weight & 7);
      if ((mask[weight >> 3] as number) & bit) pruned++;
      else revived++;
      mask[weight >> 3] = (mask[weight >> 3] as number) ^ bit;
    });
    return { step, pruned, revived };
  });
}

/** How often each weight came back after it had been pruned, 255 at most. */
export function revivals(history: MaskHistory): Uint8Array {
  const mask = allKept(history.weights);
  const counts = new Uint8Array(history.weights);
  for (const change of history.changes) {
    forEachChange(change, (weight) => {
      const bit = 1 << (weight & 7);
      const wasKept = ((mask[weight >> 3] as number) & bit) !== 0;
      mask[weight >> 3] = (mask[weight >> 3] as number) ^ bit;
      if (!wasKept) counts[weight] = Math.min(255, (counts[weight] as number) + 1);
    });
  }
  return counts;
}

/**
 * Of the weights that are kept in the end, those that had been pruned before, by the record at which they came back for
 * good. As long as `history.steps`.
 */
export function finalReturns(history: MaskHistory): Uint32Array {
  const mask = allKept(history.weights);
  /** 1 + the record of its last return; 0 of a weight that was never pruned. */
  const returnedAt = new Uint16Array(history.weights);
  for (const [record, change] of history.changes.entries()) {
    forEachChange(change, (weight) => {
      const bit = 1 << (weight & 7);
      if (((mask[weight >> 3] as number) & bit) === 0) returnedAt[weight] = record + 1;
      mask[weight >> 3] = (mask[weight >> 3] as number) ^ bit;
    });
  }
  const counts = new Uint32Array(history.changes.length);
  for (const [weight, at] of returnedAt.entries()) {
    if (at > 0 && maskBit(mask, weight) === 1) counts[at - 1] = (counts[at - 1] as number) + 1;
  }
  return counts;
}

function allKept(weights: number): Uint8Array {
  const mask = new Uint8Array(Math.ceil(weights / 8)).fill(0xff);
  if (weights & 7) mask[mask.length - 1] = (1 << (weights & 7)) - 1;
  return mask;
}

/** Changed weights as bits. */
function difference(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length !== after.length) {
    throw new WinnowError('internal', `mask history: expected ${before.length} bytes, got ${after.length}.`);
  }
  return before.map((byte, index) => byte ^ (after[index] as number));
}

// A change is a byte that names its form, then either the changed weights as bits, or the gaps between them, the first
// from weight −1: seven bits a byte, the lowest first, the eighth set where more follow. Gaps are shorter where fewer
// than about one weight in eight changes.
const GAPS = 0;
const BITS = 1;

function encodeChange(changed: Uint8Array): Uint8Array {
  const gaps = new Uint8Array(changed.length + 1);
  gaps[0] = GAPS;
  let end = 1;
  let last = -1;
  for (let byte = 0; byte < changed.length; byte++) {
    for (let rest = changed[byte] as number; rest !== 0; rest &= rest - 1) {
      const weight = 8 * byte + lowestBit(rest);
      let gap = weight - last;
      last = weight;
      for (; gap > 127; gap >>>= 7) gaps[end++] = (gap & 127) | 128;
      gaps[end++] = gap;
      if (end > changed.length) return bitsForm(changed);
    }
  }
  return gaps.slice(0, end);
}

function bitsForm(changed: Uint8Array): Uint8Array {
  const change = new Uint8Array(changed.length + 1);
  change[0] = BITS;
  change.set(changed, 1);
  return change;
}

const lowestBit = (byte: number): number => 31 - Math.clz32(byte & -byte);

function forEachChange(change: Uint8Array, visit: (weight: number) => void): void {
  if (change[0] === BITS) {
    for (let byte = 1; byte < change.length; byte++) {
      for (let rest = change[byte] as number; rest !== 0; rest &= rest - 1) visit(8 * (byte - 1) + lowestBit(rest));
    }
    return;
  }
  let weight = -1;
  for (let at = 1; at < change.length; ) {
    let gap = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = change[at++] as number;
      gap |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    weight += gap;
    visit(weight);
  }
}

/** Its own inverse. */
function applyChange(mask: Uint8Array, change: Uint8Array): void {
  if (change[0] === BITS) {
    for (let byte = 1; byte < change.length; byte++)
      mask[byte - 1] = (mask[byte - 1] as number) ^ (change[byte] as number);
    return;
  }
  forEachChange(change, (weight) => {
    mask[weight >> 3] = (mask[weight >> 3] as number) ^ (1 << (weight & 7));
  });
}

/** Two changes in a row as one. */
function merge(first: Uint8Array, second: Uint8Array, weights: number): Uint8Array {
  const changed = new Uint8Array(Math.ceil(weights / 8));
  applyChange(changed, first);
  applyChange(changed, second);
  return encodeChange(changed);
}

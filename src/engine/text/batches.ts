// An epoch's order of examples and their padded batches. The order is a function of (seed, epoch) alone, so a run
// resumes at any step of any epoch by asking for the same order again.
import { deriveSeed, shuffle } from '../random.ts';
import type { Batch, Feature } from './types.ts';

export interface OrderOptions {
  readonly seed: number;
  readonly epoch: number;
  readonly batchSize: number;
  /** Tokens per example; where given, batches hold examples of like length (`group_by_length`). */
  readonly lengths?: readonly number[];
}

export interface PaddingOptions {
  readonly padId: number;
  readonly maxSeqLength: number;
  /** 'longest': to the batch's longest row, rounded up by `paddedLength`. */
  readonly padTo?: 'longest' | 'max';
}

/** How many batches are shuffled together before the longest goes first, as in transformers' Trainer. */
const BATCHES_PER_MEGA_BATCH = 50;

/** The examples 0 … count−1 in the order of this epoch. */
export function epochOrder(count: number, { seed, epoch, batchSize, lengths }: OrderOptions): number[] {
  const order = shuffle(count, deriveSeed(seed, epoch));
  return lengths ? groupByLength(order, lengths, batchSize) : order;
}

/** An example and the epoch that it is drawn in. */
export interface Draw {
  readonly index: number;
  readonly epoch: number;
}

/** Epoch after epoch without end, so that every batch is whole, however few examples there are. */
export function* endlessOrder(count: number, options: Omit<OrderOptions, 'epoch'>): Generator<Draw, never> {
  for (let epoch = 0; ; epoch++) for (const index of epochOrder(count, { ...options, epoch })) yield { index, epoch };
}

export const batchesPerEpoch = (count: number, batchSize: number): number => Math.ceil(count / batchSize);

interface Place {
  readonly step: number;
  readonly batchSize: number;
}

/** The rows of batch `step` of an order; the last one may have fewer. */
export function rowsAt(features: readonly Feature[], order: readonly number[], { step, batchSize }: Place): Feature[] {
  return order.slice(step * batchSize, (step + 1) * batchSize).map((index) => features[index]!);
}

/** They as a batch. */
export function batchAt(
  features: readonly Feature[],
  order: readonly number[],
  { step, batchSize, ...padding }: PaddingOptions & Place,
): Batch {
  return padBatch(rowsAt(features, order, { step, batchSize }), padding);
}

/**
 * Tokens that a row of `length` is padded to: the next multiple of 8 up to 64, of 16 up to 128, of 32 up to 256 and of
 * 64 beyond, or `most` if that is less. At most 20 lengths occur up to 512, each a compiled plan on a GPU, and from 64
 * tokens on a batch is padded by less than a quarter.
 */
export function paddedLength(length: number, most: number): number {
  const step = STEPS.find(({ upTo }) => length <= upTo)?.step ?? LARGEST_STEP;
  return Math.min(Math.ceil(length / step) * step, most);
}

const STEPS = [
  { upTo: 64, step: 8 },
  { upTo: 128, step: 16 },
  { upTo: 256, step: 32 },
] as const;
const LARGEST_STEP = 64;

/** Rows of one kind to arrays [B, T]. A hidden label is −1. */
export function padBatch(
  features: readonly Feature[],
  { padId, maxSeqLength, padTo = 'longest' }: PaddingOptions,
): Batch {
  const longest = Math.max(...features.map((feature) => feature.inputIds.length));
  const tokens = padTo === 'max' ? maxSeqLength : paddedLength(longest, maxSeqLength);
  const size = features.length * tokens;
  const inputIds = new Int32Array(size).fill(padId);
  const attentionMask = new Int32Array(size);
  const tokenTypeIds = new Int32Array(size);
  features.forEach((feature, row) => {
    const start = row * tokens;
    inputIds.set(feature.inputIds, start);
    tokenTypeIds.set(feature.tokenTypeIds, start);
    attentionMask.fill(1, start, start + feature.inputIds.length);
  });
  return { batchSize: features.length, tokens, inputIds, attentionMask, tokenTypeIds, ...targets(features) };
}

/** Batches of one length, for rows that are trained on together. */
export function padTogether(groups: readonly (readonly Feature[])[], options: PaddingOptions): Batch[] {
  const whole = padBatch(groups.flat(), options);
  let end = 0;
  return groups.map(({ length }) => {
    const start = end;
    end += length;
    return rowsOf(whole, start, end);
  });
}

function rowsOf(batch: Batch, from: number, to: number): Batch {
  const rows = (ids: Int32Array) => ids.subarray(from * batch.tokens, to * batch.tokens);
  return {
    batchSize: to - from,
    tokens: batch.tokens,
    inputIds: rows(batch.inputIds),
    attentionMask: rows(batch.attentionMask),
    tokenTypeIds: rows(batch.tokenTypeIds),
    ...(batch.labels ? { labels: batch.labels.subarray(from, to) } : {}),
  };
}

function targets(features: readonly Feature[]): Pick<Batch, 'startPositions' | 'endPositions' | 'labels'> {
  const questions = features.filter((feature) => 'startPosition' in feature);
  if (questions.length > 0) {
    return {
      startPositions: Int32Array.from(questions, (feature) => feature.startPosition),
      endPositions: Int32Array.from(questions, (feature) => feature.endPosition),
    };
  }
  return { labels: Int32Array.from(features, (feature) => ('label' in feature ? (feature.label ?? -1) : -1)) };
}

/** Sorts within mega-batches, and starts with the longest example of all: if memory is short, it shows at once. */
function groupByLength(order: readonly number[], lengths: readonly number[], batchSize: number): number[] {
  const batches = Math.max(Math.min(Math.floor(order.length / (batchSize * 4)), BATCHES_PER_MEGA_BATCH), 1);
  const megaBatches: number[][] = [];
  for (let start = 0; start < order.length; start += batches * batchSize) {
    const megaBatch = order.slice(start, start + batches * batchSize);
    megaBatches.push(megaBatch.sort((a, b) => lengths[b]! - lengths[a]!));
  }
  const heads = megaBatches.map((megaBatch) => lengths[megaBatch[0]!]!);
  const longest = megaBatches[heads.indexOf(Math.max(...heads))];
  if (longest) [megaBatches[0]![0], longest[0]] = [longest[0]!, megaBatches[0]![0]!];
  return megaBatches.flat();
}

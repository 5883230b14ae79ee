// Batches under the names that the graphs feed on.
import type { FeedData } from '../gpu/executor.ts';
import type { MaskedTokens } from '../text/masking.ts';
import type { Batch } from '../text/types.ts';

/** A labelled batch, and beside it perhaps unlabelled texts with their augmented twins, padded to the same length. */
export interface TrainingBatch extends Batch {
  readonly pairs?: { readonly original: Batch; readonly augmented: Batch };
  /** In place of the texts' own labels: tokens to fill in. */
  readonly masked?: MaskedTokens;
}

/** Span labels are all starts, then all ends. The augmented texts follow the labelled ones, as one batch. */
export function feedsOf(batch: TrainingBatch): FeedData {
  const { labels, startPositions, endPositions, pairs, masked } = batch;
  if (masked) return { ...textFeeds(batch), ...masked };
  const targets =
    startPositions && endPositions
      ? { labels: Int32Array.of(...startPositions, ...endPositions) }
      : labels && { labels };
  if (!pairs) return { ...textFeeds(batch), ...targets };
  return { ...textFeeds(joined(batch, pairs.augmented)), ...targets, ...textFeeds(pairs.original, 'original.') };
}

type Texts = Pick<Batch, 'inputIds' | 'attentionMask' | 'tokenTypeIds'>;

function textFeeds({ inputIds, attentionMask, tokenTypeIds }: Texts, prefix = ''): FeedData {
  return {
    [`${prefix}inputIds`]: inputIds,
    [`${prefix}attentionMask`]: attentionMask,
    [`${prefix}tokenTypeIds`]: tokenTypeIds,
  };
}

function joined(a: Texts, b: Texts): Texts {
  return {
    inputIds: Int32Array.of(...a.inputIds, ...b.inputIds),
    attentionMask: Int32Array.of(...a.attentionMask, ...b.attentionMask),
    tokenTypeIds: Int32Array.of(...a.tokenTypeIds, ...b.tokenTypeIds),
  };
}

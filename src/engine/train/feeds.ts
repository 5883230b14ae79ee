import type { FeedData } from '../gpu/executor.ts';
import type { Batch } from '../text/types.ts';

/** A batch under the names that the graph feeds on; span labels are all starts, then all ends. */
export function feedsOf(batch: Batch): FeedData {
  const { inputIds, attentionMask, tokenTypeIds, labels, startPositions, endPositions } = batch;
  const text = { inputIds, attentionMask, tokenTypeIds };
  if (labels) return { ...text, labels };
  if (startPositions && endPositions) return { ...text, labels: Int32Array.of(...startPositions, ...endPositions) };
  return text;
}

// Sum of word, position and token-type rows.
// a 0/1 matrix, then scatters each distinct row once: the same sum in the same order every time, no atomics.
import * as tf from '@tensorflow/tfjs-core';
import { positionIds } from '../position-ids.ts';
import { inputAt, type ReferenceKernel, tidyGradients } from './kernel.ts';
import { matMul } from './mat-mul.ts';

export const embedding: ReferenceKernel<'embedding'> = {
  forward(inputs, { padTokenId, skipsPadding }) {
    const [ids, word, position] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
    const [types, type] = [inputs[3], inputs[4]];
    const [batch = 0, tokens = 0] = ids.shape;
    const hidden = word.shape[1] ?? 0;
    return tf.tidy(() => {
      const words = tf.gather(word, ids); // [B, T, H]
      const positions = skipsPadding
        ? tf.gather(position, countTokens(ids, padTokenId)) // [B, T, H]
        : tf.slice(position, [0, 0], [tokens, hidden]); // [T, H]
      const sum = tf.add(words, positions);
      const value = types && type ? tf.add(sum, tf.gather(type, types)) : sum;
      return { value: tf.reshape(value, [batch * tokens, hidden]), saved: [] };
    });
  },

  backward({ gradient, inputs, attributes, wanted, hostFeed }) {
    const [ids, word, position] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
    const [types, type] = [inputs[3], inputs[4]];
    const [batch = 0, tokens = 0] = ids.shape;
    const hidden = word.shape[1] ?? 0;
    return tidyGradients(() => {
      const perText = tf.reshape(gradient, [batch, tokens * hidden]);
      const { padTokenId, skipsPadding } = attributes;
      const dPosition = () => {
        if (skipsPadding) {
          const rows = positionIds(hostFeed(ids), tokens, padTokenId);
          return rowSums(gradient, rows, position.shape[0] ?? 0, padTokenId);
        }
        return tf.pad(tf.reshape(tf.sum(perText, 0), [tokens, hidden]), [
          [0, (position.shape[0] ?? 0) - tokens],
          [0, 0],
        ]);
      };
      return [
        null,
        wanted[1] ? rowSums(gradient, hostFeed(ids), word.shape[0] ?? 0, padTokenId) : null,
        wanted[2] ? dPosition() : null,
        ...(types && type
          ? [null, wanted[4] ? rowSums(gradient, hostFeed(types), type.shape[0] ?? 0, null) : null]
          : []),
      ];
    });
  },
};

/** `positionIds` of a tensor. */
function countTokens(ids: tf.Tensor, padding: number): tf.Tensor {
  const isToken = tf.cast(tf.notEqual(ids, tf.scalar(padding, 'int32')), 'int32');
  return tf.add(tf.mul(tf.cumsum(isToken, 1), isToken), tf.scalar(padding, 'int32'));
}

/** Distinct rows are padded to a multiple of this, so that few buffer sizes occur. */
const ROW_PADDING = 64;

/** Gradient of a table [rows, H] looked up at `ids`; the padding row never learns (as nn.Embedding's padding_idx). */
function rowSums(gradient: tf.Tensor, ids: Int32Array, rows: number, padding: number | null): tf.Tensor {
  const distinct = [...new Set(ids)].filter((id) => id !== padding).sort((a, b) => a - b);
  const slotOf = new Map(distinct.map((id, slot) => [id, slot]));
  const slots = Math.ceil(Math.max(1, distinct.length) / ROW_PADDING) * ROW_PADDING;
  const slotOfRow = Int32Array.from(ids, (id) => slotOf.get(id) ?? -1); // −1 is no column of the 0/1 matrix
  const targets = Int32Array.from({ length: slots }, (_, slot) => distinct[slot] ?? 0); // spare slots add zeros to row 0
  const sums = matMul(tf.oneHot(tf.tensor1d(slotOfRow, 'int32'), slots), gradient, { a: true }); // [slots, H]
  return tf.scatterND(tf.tensor2d(targets, [slots, 1], 'int32'), sums, [rows, gradient.shape[1] ?? 0]);
}

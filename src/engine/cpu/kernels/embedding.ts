// gpu/reference/embedding.ts on kernels. A table's gradient adds rows in their order, so it is the same every time.
import type * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '../../error.ts';
import { positionIds } from '../../gpu/position-ids.ts';
import { inputAt, type ReferenceKernel } from '../../gpu/reference/kernel.ts';
import type { Cpu } from '../cpu.ts';

/** Rows of a forward tile, columns of a backward tile (assembly/embedding.ts). */
const TILE_ROWS = 64;
const TILE_COLUMNS = 32;

export function embeddingKernel(cpu: Cpu): ReferenceKernel<'embedding'> {
  const { addressOf, memory, output } = cpu.heap;

  const tableGradient = (table: tf.Tensor, gradient: tf.Tensor, lookup: Lookup): tf.Tensor => {
    const [rows = 0, columns = 0] = gradient.shape;
    const out = output(table.shape);
    const { ids, period = 1, skipped = -1 } = lookup;
    const addresses = [addressOf(out), addressOf(gradient), ids ? addressOf(ids) : 0];
    const values = [...addresses, period, skipped, rows, columns, table.shape[0] ?? 0];
    cpu.run('tableGradientTile', Math.ceil(columns / TILE_COLUMNS), values);
    return out;
  };

  /** Past its end the kernel would read whatever comes after the table. */
  const checkIds = (ids: tf.Tensor, table: tf.Tensor): void => {
    const rows = table.shape[0] ?? 0;
    const wrong = new Int32Array(memory.buffer, addressOf(ids), ids.size).find((id) => id < 0 || id >= rows);
    if (wrong === undefined) return;
    throw new WinnowError(
      'bad-data',
      `embedding: expected ids below ${rows}, got ${wrong}. Use the model's own vocabulary.`,
    );
  };

  /** The rows of the position table, checked, as a tensor. */
  const placesOf = (ids: tf.Tensor, position: tf.Tensor, padding: number): tf.Tensor => {
    const given = new Int32Array(memory.buffer, addressOf(ids), ids.size);
    const rows = positionIds(given, ids.shape[1] ?? 1, padding);
    const places = output(ids.shape, 'int32');
    new Int32Array(memory.buffer, addressOf(places), ids.size).set(rows);
    checkIds(places, position);
    return places;
  };

  return {
    forward(inputs, { padTokenId, skipsPadding }) {
      const [ids, word, position] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
      const [types, type] = [inputs[3], inputs[4]];
      const [batch = 0, tokens = 0] = ids.shape;
      const columns = word.shape[1] ?? 0;
      checkIds(ids, word);
      if (types && type) checkIds(types, type);
      const value = output([batch * tokens, columns]);
      const pair = types && type ? [addressOf(types), addressOf(type)] : [0, 0];
      const places = skipsPadding ? placesOf(ids, position, padTokenId) : null;
      const addresses = [...[value, ids, word, position].map(addressOf), places ? addressOf(places) : 0, ...pair];
      cpu.run('embeddingTile', Math.ceil((batch * tokens) / TILE_ROWS), [
        ...addresses,
        batch * tokens,
        tokens,
        columns,
      ]);
      places?.dispose();
      return { value, saved: [] };
    },

    backward({ gradient, inputs, attributes: { padTokenId, skipsPadding }, wanted }) {
      const [ids, word, position] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
      const [types, type] = [inputs[3], inputs[4]];
      const dPosition = () => {
        if (!skipsPadding) return tableGradient(position, gradient, { period: ids.shape[1] ?? 1 });
        const places = placesOf(ids, position, padTokenId);
        const sums = tableGradient(position, gradient, { ids: places, skipped: padTokenId });
        places.dispose();
        return sums;
      };
      return [
        null,
        wanted[1] ? tableGradient(word, gradient, { ids, skipped: padTokenId }) : null,
        wanted[2] ? dPosition() : null,
        ...(types && type ? [null, wanted[4] ? tableGradient(type, gradient, { ids: types }) : null] : []),
      ];
    },
  };
}

/** Rows are looked up under `ids`, or under their number modulo `period`. */
interface Lookup {
  readonly ids?: tf.Tensor;
  readonly period?: number;
  readonly skipped?: number;
}

// pruning/masks.ts on tensors in wasm memory: the same bits. Every method comes down to a cut-off.
import type * as tf from '@tensorflow/tfjs-core';
import type { MaskMaker } from '../../gpu/kernels.ts';
import { type BinaryMethod, fewestKept, isAboveSigmoid, keptOf } from '../../pruning/masks.ts';
import type { Cut } from '../../pruning/select.ts';
import type { Cpu } from '../cpu.ts';
import { cutTop, SELECT_ELEMENTS, signBits } from './cut.ts';
import { smallestFloat } from './order-key.ts';

export function maskKernels(cpu: Cpu): MaskMaker {
  const topMask = (source: tf.Tensor, isAbsolute: boolean, keep: number): tf.Tensor => {
    const [cut] = cutTop(cpu, { sources: [source], isAbsolute }, keep);
    return maskOf(cpu, source, isAbsolute, cut as Cut).bits;
  };
  return {
    async globalCuts(sources, isAbsolute, fraction) {
      const total = sources.reduce((sum, { size }) => sum + size, 0);
      return cutTop(cpu, { sources, isAbsolute }, keptOf(fraction, total));
    },
    async cutMask(method, source, cut) {
      return maskOf(cpu, source, method === 'magnitude', cut).bits;
    },
    async binaryMask(method, source, threshold) {
      if (isRanked(method)) return topMask(source, method === 'magnitude', keptOf(threshold, source.size));
      const { bits, kept } = maskOf(cpu, source, false, cutOf(method, threshold));
      const fewest = Math.min(fewestKept(source.size), source.size);
      if (kept >= fewest) return bits;
      bits.dispose();
      return topMask(source, false, fewest);
    },
  };
}

const isRanked = (method: BinaryMethod): method is 'magnitude' | 'topK' => method === 'magnitude' || method === 'topK';

/** The smallest score inside, itself kept. */
function cutOf(method: 'threshold' | 'sigmoied_threshold', threshold: number): Cut {
  const isInside = (score: number) => (method === 'threshold' ? score > threshold : isAboveSigmoid(score, threshold));
  return { value: smallestFloat(isInside), tiesBelow: isInside(Number.POSITIVE_INFINITY) ? 2 ** 31 - 1 : 0 };
}

function maskOf(cpu: Cpu, source: tf.Tensor, isAbsolute: boolean, { value, tiesBelow }: Cut) {
  const { addressOf, memory, output } = cpu.heap;
  const bits = output(source.shape);
  const tiles = Math.ceil(source.size / SELECT_ELEMENTS);
  const counts = cpu.room(4 * tiles);
  const values = [addressOf(bits), counts, addressOf(source), source.size, signBits(isAbsolute), value, tiesBelow];
  cpu.run('maskTile', tiles, values);
  const kept = new Int32Array(memory.buffer, counts, tiles).reduce((sum, count) => sum + count, 0);
  return { bits, kept };
}

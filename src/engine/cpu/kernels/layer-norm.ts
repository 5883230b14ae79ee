// gpu/reference/layer-norm.ts on kernels. Saved: the normalised rows and 1/σ.
import { inputAt, type ReferenceKernel } from '../../gpu/reference/kernel.ts';
import type { Cpu } from '../cpu.ts';
import { columnSums } from './column-sums.ts';

/** Rows of one tile (assembly/layer-norm.ts). */
const TILE_ROWS = 16;

export function layerNormKernel(cpu: Cpu): ReferenceKernel<'layerNorm'> {
  const { addressOf, output } = cpu.heap;
  return {
    forward(inputs, { epsilon }) {
      const [x, gamma, beta, residual] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2), inputs[3]];
      const [rows = 0, columns = 0] = x.shape;
      const [value, normalised, inverseDeviation] = [output(x.shape), output(x.shape), output([rows])];
      const outputs = [value, normalised, inverseDeviation].map(addressOf);
      const operands = [addressOf(x), residual ? addressOf(residual) : 0, addressOf(gamma), addressOf(beta)];
      cpu.run('layerNormTile', Math.ceil(rows / TILE_ROWS), [...outputs, ...operands, rows, columns, epsilon]);
      return { value, saved: [normalised, inverseDeviation] };
    },

    backward({ gradient, inputs, saved, wanted }) {
      const [normalised, inverseDeviation] = [inputAt(saved, 0), inputAt(saved, 1)];
      const [rows = 0, columns = 0] = gradient.shape;
      const dx = wanted[0] || wanted[3] ? output(gradient.shape) : null;
      if (dx) {
        const addresses = [dx, gradient, inputAt(inputs, 1), normalised, inverseDeviation].map(addressOf);
        cpu.run('layerNormGradientTile', Math.ceil(rows / TILE_ROWS), [...addresses, rows, columns]);
      }
      const gradients = [
        wanted[0] ? dx : null,
        wanted[1] ? columnSums(cpu, gradient, normalised) : null,
        wanted[2] ? columnSums(cpu, gradient, null) : null,
        ...(inputs.length > 3 ? [wanted[3] ? dx : null] : []),
      ];
      return gradients;
    },
  };
}

// y = f(x (M∘W)ᵀ + b). With dW′ = dhᵀ x: dW = dW′∘M, and the mask's gradient dW′∘W is what movement
// pruning accumulates at every entry, kept or not (straight-through; Sanh et al. 2020, §3).
import * as tf from '@tensorflow/tfjs-core';
import { activate, activationGradient } from './activation.ts';
import { inputAt, type ReferenceKernel, tidyGradients } from './kernel.ts';
import { matMul, sumRows } from './mat-mul.ts';

export const linear: ReferenceKernel<'linear'> = {
  forward(inputs, { activation }) {
    const [x, weight, bias, mask] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2), inputs[3]];
    return tf.tidy(() => {
      const masked = mask ? tf.mul(weight, mask) : weight;
      const h = affine(x, masked, bias);
      const value = activate(h, activation);
      return { value, saved: [...(mask ? [masked] : []), ...(activation === 'none' ? [] : [h])] };
    });
  },

  backward({ gradient, inputs, value, saved, attributes, wanted }) {
    const [x, weight, mask] = [inputAt(inputs, 0), inputAt(inputs, 1), inputs[3]];
    const masked = mask ? inputAt(saved, 0) : weight;
    const h = attributes.activation === 'none' ? value : inputAt(saved, saved.length - 1);
    return tidyGradients(() => {
      const dh = activationGradient(gradient, h, value, attributes.activation);
      const needsProduct = wanted[1] || (mask && wanted[3]);
      const product = needsProduct ? matMul(dh, x, { a: true }) : null; // [R,N]ᵀ [R,K] → [N,K]
      return [
        wanted[0] ? matMul(dh, masked) : null,
        wanted[1] && product ? (mask ? tf.mul(product, mask) : product) : null,
        wanted[2] ? sumRows(dh) : null,
        ...(mask ? [wanted[3] && product ? tf.mul(product, weight) : null] : []),
      ];
    });
  },
};

/** x Wᵀ + b with the bias added inside the product. */
function affine(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const transposeFirst = tf.getBackend() === 'wasm';
  return tf.fused.matMul({
    a: x as tf.Tensor2D,
    b: (transposeFirst ? tf.transpose(weight) : weight) as tf.Tensor2D,
    transposeB: !transposeFirst,
    bias,
  });
}

// Exports of the module. Every kernel computes one tile of its job: `(tile, scratch, …arguments)`, all addresses in
// tfjs's memory, `scratch` its thread's own. Which thread takes which tile changes nothing in the result.
export { adamWTile, sumOfSquaresTile } from './adamw';
export { attentionGradientTile, attentionTile } from './attention';
export { dropoutTile } from './dropout';
export { embeddingTile, tableGradientTile } from './embedding';
export { gateGradientTile, gateTile, sigmoidSlopeTile, sigmoidSumTile } from './gates';
export { packTile, productTile } from './gemm';
export { layerNormGradientTile, layerNormTile } from './layer-norm';
export { affineTile, columnSumTile, geluGradientTile, maskedGradientTile } from './linear';
export { histogramTile, maskTile } from './select';
export { compressTile, countKeptTile, sparseAffineTile, sparseInputGradientTile } from './sparse';

// Softmax attention of one head of one text, read straight from the rows [B·T, H] of query, key and value.
// Probabilities are kept in rows of `span` floats, T rounded up to a multiple of four; the spare ones are 0.
import { multiply, packAll } from './gemm';
import { exp4 } from './math';
import { dropoutFactor4 } from './noise';
import { at, madd, maxLanes, sumLanes } from './simd';

/** Added to the logits of padding, as in the reference. */
const PADDING_LOGIT: f32 = -1e9;
/** Logit of the spare places, below that of padding. */
const SPARE_LOGIT: f32 = -3e38;
/** Floats that `multiply` takes for itself. */
const MULTIPLY_SCRATCH: i32 = 48 * 384 + 48;

/**
 * Head `tile` (text·N + head): probabilities and, in its columns, the context.
 * Scratch past `multiply`'s: a packed operand, span·(T + 1) floats.
 */
export function attentionTile(
  tile: i32, scratch: usize,
  context: usize, probabilities: usize, query: usize, key: usize, value: usize, padding: usize,
  heads: i32, tokens: i32, size: i32, noise: i32, cut: i32, factor: f32,
): void {
  const hidden = heads * size;
  const span = (tokens + 3) & ~3;
  const text = tile / heads;
  const first = text * tokens * hidden + (tile % heads) * size;
  const packed = at(scratch, MULTIPLY_SCRATCH);
  const dropped = at(packed, packedFloats(tokens, size));
  const logits = at(dropped, tokens * span);
  const p = at(probabilities, tile * tokens * span);

  packAll(packed, at(key, first), 1, hidden, tokens, size); // keyᵀ
  multiply(scratch, p, span, at(query, first), hidden, 1, packed, tokens, tokens, size);
  fillPaddingLogits(logits, at(padding, text * tokens), tokens, span);
  const scale: f32 = 1 / sqrt<f32>(<f32>size);
  for (let i = 0; i < tokens; i++) softmaxRow(at(p, i * span), logits, scale, span);

  let weights = p;
  if (cut > 0) {
    dropRows(dropped, p, tile, tokens, span, noise, cut, factor);
    weights = dropped;
  }
  packAll(packed, at(value, first), hidden, 1, size, tokens);
  multiply(scratch, at(context, first), hidden, weights, span, 1, packed, tokens, size, tokens);
}

// @ts-ignore: decorator
@inline
function packedFloats(tokens: i32, size: i32): i32 {
  return max(((tokens + 7) & ~7) * size, ((size + 7) & ~7) * tokens);
}

function fillPaddingLogits(logits: usize, padding: usize, tokens: i32, span: i32): void {
  for (let j = 0; j < tokens; j++) store<f32>(at(logits, j), load<i32>(at(padding, j)) ? 0 : PADDING_LOGIT);
  for (let j = tokens; j < span; j++) store<f32>(at(logits, j), SPARE_LOGIT);
}

/** row = softmax(scale·row + logits) */
function softmaxRow(row: usize, logits: usize, scale: f32, span: i32): void {
  let highest = f32x4.splat(SPARE_LOGIT);
  for (let j = 0; j < span; j += 4) {
    // Spare places hold anything, NaN too: min and max with a logit would keep it.
    const bias = v128.load(at(logits, j));
    const isSpare = f32x4.le(bias, f32x4.splat(SPARE_LOGIT));
    const x = v128.bitselect(bias, madd(v128.load(at(row, j)), f32x4.splat(scale), bias), isSpare);
    v128.store(at(row, j), x);
    highest = f32x4.max(highest, x);
  }
  const top = f32x4.splat(maxLanes(highest));
  let sum = f32x4.splat(0);
  for (let j = 0; j < span; j += 4) {
    const x = exp4(f32x4.sub(v128.load(at(row, j)), top));
    v128.store(at(row, j), x);
    sum = f32x4.add(sum, x);
  }
  const share = f32x4.splat(<f32>1 / sumLanes(sum));
  for (let j = 0; j < span; j += 4) v128.store(at(row, j), f32x4.mul(v128.load(at(row, j)), share));
}

/** to = p ∘ dropout factors; noise is counted over [B, N, T, T], without the spare places. */
function dropRows(to: usize, p: usize, tile: i32, tokens: i32, span: i32, noise: i32, cut: i32, factor: f32): void {
  for (let i = 0; i < tokens; i++) {
    const index = (tile * tokens + i) * tokens;
    for (let j = 0; j < span; j += 4) {
      const kept = dropoutFactor4(noise, index + j, cut, factor);
      v128.store(at(to, i * span + j), f32x4.mul(v128.load(at(p, i * span + j)), kept));
    }
  }
}

/** Head `tile`: its columns of dQ, dK and dV. Scratch past `multiply`'s: a packed operand and 2·span·T floats. */
export function attentionGradientTile(
  tile: i32, scratch: usize,
  dQuery: usize, dKey: usize, dValue: usize,
  g: usize, probabilities: usize, query: usize, key: usize, value: usize,
  heads: i32, tokens: i32, size: i32, noise: i32, cut: i32, factor: f32,
): void {
  const hidden = heads * size;
  const span = (tokens + 3) & ~3;
  const first = (tile / heads) * tokens * hidden + (tile % heads) * size;
  const packed = at(scratch, MULTIPLY_SCRATCH);
  const dropped = at(packed, packedFloats(tokens, size));
  const dLogits = at(dropped, tokens * span);
  const p = at(probabilities, tile * tokens * span);

  let weights = p;
  if (cut > 0) {
    dropRows(dropped, p, tile, tokens, span, noise, cut, factor);
    weights = dropped;
  }
  packAll(packed, at(g, first), hidden, 1, size, tokens);
  multiply(scratch, at(dValue, first), hidden, weights, 1, span, packed, tokens, size, tokens); // dV = Pᵀ g

  packAll(packed, at(value, first), 1, hidden, tokens, size);
  multiply(scratch, dLogits, span, at(g, first), hidden, 1, packed, tokens, tokens, size); // dP = g Vᵀ
  const scale: f32 = 1 / sqrt<f32>(<f32>size);
  for (let i = 0; i < tokens; i++) {
    const index = (tile * tokens + i) * tokens;
    softmaxGradientRow(at(dLogits, i * span), at(p, i * span), span, tokens, scale, index, noise, cut, factor);
  }

  packAll(packed, at(key, first), hidden, 1, size, tokens);
  multiply(scratch, at(dQuery, first), hidden, dLogits, span, 1, packed, tokens, size, tokens);
  packAll(packed, at(query, first), hidden, 1, size, tokens);
  multiply(scratch, at(dKey, first), hidden, dLogits, 1, span, packed, tokens, size, tokens);
}

/** row: dP of the dropped probabilities → scale·P∘(dP − Σ dP∘P). */
function softmaxGradientRow(
  row: usize, p: usize, span: i32, tokens: i32, scale: f32, index: i32, noise: i32, cut: i32, factor: f32,
): void {
  let sum = f32x4.splat(0);
  for (let j = 0; j < span; j += 4) {
    let x = f32x4.mul(spareless(v128.load(at(row, j)), tokens - j), v128.load(at(p, j)));
    if (cut > 0) x = f32x4.mul(x, dropoutFactor4(noise, index + j, cut, factor));
    v128.store(at(row, j), x);
    sum = f32x4.add(sum, x);
  }
  const total = f32x4.splat(-sumLanes(sum));
  for (let j = 0; j < span; j += 4) {
    const x = madd(v128.load(at(p, j)), total, v128.load(at(row, j)));
    v128.store(at(row, j), f32x4.mul(x, f32x4.splat(scale)));
  }
}

/** x with 0 in the places past the `left` first. */
// @ts-ignore: decorator
@inline
function spareless(x: v128, left: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left)));
}

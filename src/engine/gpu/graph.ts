// The engine's small vocabulary. A model is written once, as values computed from parameters and feeds; an
// executor runs it, either op by op on tfjs (`reference/`, the definition) or compiled for one device.
// Activations are rows: [B·T, H]. A value knows how it was made, so the graph is whatever an output reaches.

export type Shape = readonly number[];

export interface OpAttributes {
  /**
   * (ids [B,T], word [V,H], position [P,H], types? [B,T], type? [2,H]) → [B·T, H], the sum of the rows. A text's token t
   * has row t of `position`, or that of `positionIds` where padding is skipped.
   */
  embedding: { readonly padTokenId: number; readonly skipsPadding: boolean };
  /** (x [R,H], gamma [H], beta [H], residual? [R,H]) → normalised x + residual. */
  layerNorm: { readonly epsilon: number };
  /** (x [R,K], weight [N,K], bias [N], mask? [N,K]) → activation(x (M∘W)ᵀ + b). */
  linear: { readonly activation: Activation };
  /** (q, k, v [B·T,H], attention mask [B,T]) → softmax(q kᵀ/√D + mask) v, per head. */
  attention: { readonly heads: number; readonly dropout: number; readonly site: number };
  /** Inverted dropout; `site` keeps the random streams of different places apart. */
  dropout: { readonly rate: number; readonly site: number };
  /** x itself. In training, what lies between two of these is not kept for the way back but computed again. */
  checkpoint: Record<string, never>;
  /** x itself, without a way back: what lies before it is computed as in evaluation, and kept for nothing. */
  stopGradient: Record<string, never>;
  /** [B·T, H] → [B, H]: the `[CLS]` rows. */
  firstToken: { readonly tokens: number };
  /** (x [B·T, H], attention mask [B,T]) → [B, H]: means over the tokens that are no padding. */
  meanTokens: Record<string, never>;
  /** [R, C] → [count, C]: the rows from `from` on. */
  sliceRows: { readonly from: number; readonly count: number };
  /** (x [R,C], places [M]) → [M,C]: the rows at these places. What several places name must get no gradient. */
  gatherRows: Record<string, never>;
  /** [B·T, 2] → [2B, T]: start logits of every text, then end logits. */
  spanRows: { readonly tokens: number };
  /** (logits [R,C], labels [R]) → mean cross-entropy, a scalar. */
  crossEntropy: Record<string, never>;
  /** (logits [M,V], labels [M]) → mean cross-entropy over the rows whose label is not −1, for rows as wide as a vocabulary. */
  tokenCrossEntropy: Record<string, never>;
  /** (logits [R,K], labels [R], η [1]) → Σ(CE·m)/max(Σm, 1); m is 1 where the own label's probability is at most η. */
  annealedCrossEntropy: Record<string, never>;
  /** (logits [R,K], labels [R], η [1]) → the share Σm/R of the rows that count above, a scalar. */
  annealedShare: Record<string, never>;
  /**
   * (logits [R,K], target logits [R,K]) → mean over all rows of keep·KL(softmax(target/T) ‖ softmax(logits)); keep is 1
   * where max softmax(target) exceeds the threshold: −1 keeps all.
   */
  consistency: { readonly temperature: number; readonly confidenceThreshold: number };
  /** logits [R,K] → the share of the rows that are kept above, a scalar. */
  confidentShare: { readonly confidenceThreshold: number };
  /** (student [R,C], teacher [R,C]) → T² · mean over rows of KL(teacher ‖ student), both tempered. */
  distillation: { readonly temperature: number };
  /** One cut-off over several matrices: (sources…) → per matrix [cut-off, ties kept below this index]. */
  globalCut: { readonly source: 'signed' | 'absolute' };
  /** (scores or weight [N,K], global cut?) → mask [N,K]; see `pruning/masks.ts`. */
  mask: { readonly method: MaskMethod; readonly row: number | null; readonly site: number };
  /** (scores…) → mean over matrices of mean σ(S − shift), a scalar. */
  penalty: { readonly shift: number };
}

export type Activation = 'none' | 'gelu' | 'gelu_new' | 'relu' | 'tanh';
export type MaskMethod = 'magnitude' | 'topK' | 'threshold' | 'sigmoied_threshold' | 'l0' | 'l0_sampled';
export type OpName = keyof OpAttributes;

export interface Parameter {
  readonly kind: 'parameter';
  /** Its checkpoint key. */
  readonly name: string;
  readonly shape: Shape;
}

export interface Feed {
  readonly kind: 'feed';
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
}

export type Operation = {
  [O in OpName]: {
    readonly kind: 'operation';
    readonly op: O;
    readonly inputs: readonly Value[];
    readonly attributes: OpAttributes[O];
    readonly shape: Shape;
  };
}[OpName];

export type Value = Parameter | Feed | Operation;

export const parameter = (name: string, shape: Shape): Parameter => ({ kind: 'parameter', name, shape });

export const feed = (name: string, shape: Shape, dtype: Feed['dtype'] = 'int32'): Feed => ({
  kind: 'feed',
  name,
  shape,
  dtype,
});

function operation<O extends OpName>(
  op: O,
  attributes: OpAttributes[O],
  shape: Shape,
  inputs: readonly Value[],
): Value {
  return { kind: 'operation', op, attributes, shape, inputs } as Operation;
}

/** Rows and columns of a matrix-shaped value. */
function matrix(where: string, value: Value): readonly [number, number] {
  const [rows, columns] = value.shape;
  if (value.shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new Error(`${where}: expected a matrix, got shape [${value.shape}]`);
  }
  return [rows, columns];
}

export interface EmbeddingInputs {
  readonly ids: Value;
  readonly types: Value;
  readonly word: Value;
  readonly position: Value;
  /** Absent in models without token types (DistilBERT). */
  readonly type: Value | null;
}

export function embedding(
  { ids, types, word, position, type }: EmbeddingInputs,
  attributes: OpAttributes['embedding'],
): Value {
  const [batch, tokens] = matrix('embedding ids', ids);
  const [, hidden] = matrix('embedding word', word);
  const inputs = type ? [ids, word, position, types, type] : [ids, word, position];
  return operation('embedding', attributes, [batch * tokens, hidden], inputs);
}

export interface LayerNormInputs {
  readonly x: Value;
  readonly gamma: Value;
  readonly beta: Value;
  readonly residual?: Value;
}

export function layerNorm({ x, gamma, beta, residual }: LayerNormInputs, epsilon: number): Value {
  return operation('layerNorm', { epsilon }, x.shape, residual ? [x, gamma, beta, residual] : [x, gamma, beta]);
}

export interface LinearInputs {
  readonly x: Value;
  readonly weight: Value;
  readonly bias: Value;
  readonly mask?: Value | null;
}

export function linear({ x, weight, bias, mask }: LinearInputs, activation: Activation = 'none'): Value {
  const [rows, inner] = matrix('linear x', x);
  const [columns, expected] = matrix('linear weight', weight);
  if (inner !== expected) throw new Error(`linear: expected x [R, ${expected}], got [${x.shape}]`);
  return operation('linear', { activation }, [rows, columns], mask ? [x, weight, bias, mask] : [x, weight, bias]);
}

export interface AttentionInputs {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
  readonly attentionMask: Value;
}

export function attention(inputs: AttentionInputs, attributes: OpAttributes['attention']): Value {
  const { query, key, value, attentionMask } = inputs;
  return operation('attention', attributes, query.shape, [query, key, value, attentionMask]);
}

/** Identity where the rate is 0, so that evaluation graphs hold no dropout at all. */
export function dropout(x: Value, rate: number, site: number): Value {
  return rate === 0 ? x : operation('dropout', { rate, site }, x.shape, [x]);
}

/** Cuts the graph for gradient checkpointing (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"). */
export function checkpoint(x: Value): Value {
  return operation('checkpoint', {}, x.shape, [x]);
}

/** No gradient flows to what `x` is made of by way of this value. */
export function stopGradient(x: Value): Value {
  return operation('stopGradient', {}, x.shape, [x]);
}

export function firstToken(x: Value, tokens: number): Value {
  const [rows, hidden] = matrix('firstToken', x);
  return operation('firstToken', { tokens }, [rows / tokens, hidden], [x]);
}

export function meanTokens(x: Value, attentionMask: Value): Value {
  const [, hidden] = matrix('meanTokens x', x);
  const [batch] = matrix('meanTokens attention mask', attentionMask);
  return operation('meanTokens', {}, [batch, hidden], [x, attentionMask]);
}

export function sliceRows(x: Value, from: number, count: number): Value {
  const [rows, columns] = matrix('sliceRows', x);
  if (from + count > rows) throw new Error(`sliceRows: expected ${from + count} rows, got ${rows}`);
  return operation('sliceRows', { from, count }, [count, columns], [x]);
}

export function gatherRows(x: Value, places: Value): Value {
  const [, columns] = matrix('gatherRows', x);
  return operation('gatherRows', {}, [places.shape[0] ?? 0, columns], [x, places]);
}

export function spanRows(logits: Value, tokens: number): Value {
  const [rows] = matrix('spanRows', logits);
  return operation('spanRows', { tokens }, [(2 * rows) / tokens, tokens], [logits]);
}

export function crossEntropy(logits: Value, labels: Value): Value {
  return operation('crossEntropy', {}, [], [logits, labels]);
}

export function tokenCrossEntropy(logits: Value, labels: Value): Value {
  return operation('tokenCrossEntropy', {}, [], [logits, labels]);
}

export interface AnnealingInputs {
  readonly logits: Value;
  readonly labels: Value;
  /** η, [1]. */
  readonly threshold: Value;
}

/** Training-signal annealing (Xie et al. 2019, UDA, §3.2). */
export function annealedCrossEntropy({ logits, labels, threshold }: AnnealingInputs): Value {
  return operation('annealedCrossEntropy', {}, [], [logits, labels, threshold]);
}

export function annealedShare({ logits, labels, threshold }: AnnealingInputs): Value {
  return operation('annealedShare', {}, [], [stopGradient(logits), labels, threshold]);
}

/** UDA's consistency loss: the target teaches, and learns nothing by it. */
export function consistency(logits: Value, target: Value, attributes: OpAttributes['consistency']): Value {
  return operation('consistency', attributes, [], [logits, stopGradient(target)]);
}

export function confidentShare(logits: Value, confidenceThreshold: number): Value {
  return operation('confidentShare', { confidenceThreshold }, [], [stopGradient(logits)]);
}

export function distillation(student: Value, teacher: Value, temperature: number): Value {
  return operation('distillation', { temperature }, [], [student, teacher]);
}

export function globalCut(sources: readonly Value[], source: OpAttributes['globalCut']['source']): Value {
  return operation('globalCut', { source }, [sources.length, 2], sources);
}

export function mask(source: Value, attributes: OpAttributes['mask'], cut: Value | null): Value {
  return operation('mask', attributes, source.shape, cut ? [source, cut] : [source]);
}

export function penalty(scores: readonly Value[], shift: number): Value {
  return operation('penalty', { shift }, [], scores);
}

/** All operations that the outputs reach, inputs before users. */
export function topologicalOrder(outputs: readonly Value[]): Operation[] {
  const order: Operation[] = [];
  const seen = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value) || value.kind !== 'operation') return;
    seen.add(value);
    for (const input of value.inputs) visit(input);
    order.push(value);
  };
  for (const output of outputs) visit(output);
  return order;
}

/** The operations that gradients of the outputs flow through: those reached without passing a `stopGradient`. */
export function differentiated(outputs: readonly Value[]): ReadonlySet<Value> {
  const found = new Set<Value>();
  const visit = (value: Value): void => {
    if (found.has(value) || value.kind !== 'operation' || value.op === 'stopGradient') return;
    found.add(value);
    for (const input of value.inputs) visit(input);
  };
  for (const output of outputs) visit(output);
  return found;
}

/**
 * An order cut at its checkpoints, each the first of its segment. A segment is computed again from its checkpoint
 * alone, so it must read no operation of an earlier one; masks and cut-offs are exempt, as they are decided beforehand.
 */
export function segmentsOf(order: readonly Operation[]): Operation[][] {
  const segments: Operation[][] = [[]];
  const places = new Map<Value, number>();
  for (const operation of order) {
    if (operation.op === 'checkpoint') segments.push([]);
    else checkWithin(operation, segments.length, places);
    segments.at(-1)?.push(operation);
    const isShared = operation.op === 'checkpoint' || operation.op === 'mask' || operation.op === 'globalCut';
    if (!isShared) places.set(operation, segments.length);
  }
  return segments;
}

function checkWithin({ op, inputs }: Operation, segment: number, places: ReadonlyMap<Value, number>): void {
  for (const input of inputs) {
    if ((places.get(input) ?? segment) === segment) continue;
    throw new Error(`${op}: expected to read past no checkpoint, reads a value from before one`);
  }
}

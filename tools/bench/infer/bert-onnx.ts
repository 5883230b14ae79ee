// The encoder of src/engine/model/encoder.ts with a span head, as an ONNX model of one batch shape.
// To be fair to ONNX Runtime: weights lie as its MatMul wants them, [in, out]; shapes are constants; nothing is
// computed that its exporters would fold. Two dialects are raced and the faster counts: ONNX's own operators, which
// the runtime fuses as it can, and the fused ones that its transformer optimiser would put in their place. (Its one
// operator for projections and attention together, `Attention`, took as long as these on the processor.)
import type { HostTensor } from '../../../src/engine/gpu/executor.ts';
import { namesOf } from '../../../src/engine/model/architecture.ts';
import type { ModelConfig } from '../../../src/engine/model/config.ts';
import type { BatchShape } from '../../../src/engine/train/program.ts';
import { type OnnxAttribute, type OnnxNode, type OnnxTensor, writeOnnx } from './onnx.ts';

export const DIALECTS = ['standard', 'fused'] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface BertOnnxOptions {
  /** BERT's architecture with exact GELU. */
  readonly config: ModelConfig;
  /** By checkpoint key. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly shape: BatchShape;
  readonly dialect: Dialect;
}

/** As in the engine's own attention. */
const PADDING_LOGIT = -1e9;
/** Of the operators that ONNX Runtime adds. */
const MICROSOFT = 'com.microsoft';

/** Inputs inputIds, tokenTypeIds and attentionMask, int32 [B, T]; output logits [2B, T]: starts, then ends. */
export function bertOnnx(options: BertOnnxOptions): Uint8Array<ArrayBuffer> {
  const { batchSize: B, tokens: T } = options.shape;
  const graph = new BertGraph(options);
  graph.build();
  const ids = (name: string) => ({ name, type: 'int32', dims: [B, T] }) as const;
  return writeOnnx({
    operatorSets: { '': 20, [MICROSOFT]: 1 },
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: ['inputIds', 'tokenTypeIds', 'attentionMask'].map(ids),
    outputs: [{ name: 'logits', type: 'float32', dims: [2 * B, T] }],
  });
}

/** Methods add nodes and return the names of the values these compute. */
class BertGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxTensor>();

  constructor(private readonly options: BertOnnxOptions) {}

  build(): void {
    const { config, shape } = this.options;
    let x = this.embed();
    const padding = this.paddingLogits();
    for (let layer = 0; layer < config.layers; layer++) x = this.encodeLayer(x, layer, padding);
    const logits = this.linear(x, namesOf(config.architecture).questionAnswering); // [B, T, 2]
    const rows = this.add('Transpose', [logits], { perm: { ints: [2, 0, 1] } });
    this.addTo('logits', 'Reshape', [rows, this.sizes([2 * shape.batchSize, shape.tokens])]);
  }

  private embed(): string {
    const { word, position, tokenType, norm } = namesOf(this.options.config.architecture).embeddings;
    const words = this.add('Gather', [this.parameter(`${word}.weight`), 'inputIds']); // [B, T, H]
    const types = this.add('Gather', [this.parameter(`${tokenType}.weight`), 'tokenTypeIds']);
    const { tokens: T } = this.options.shape;
    const H = this.options.config.hiddenSize;
    const positions = this.constant('positions', [1, T, H], this.dataOf(`${position}.weight`).subarray(0, T * H));
    return this.layerNorm(this.add('Add', [this.add('Add', [words, types]), positions]), norm);
  }

  /** 0 at text, very negative at padding: [B, 1, 1, T], or [B, 1, T, T] as the fused attention wants it. */
  private paddingLogits(): string {
    const { batchSize: B, tokens: T } = this.options.shape;
    const text = this.add('Cast', ['attentionMask'], { to: { int: 1 } });
    const padding = this.add('Sub', [this.scalar(1), text]);
    const logits = this.add('Mul', [padding, this.scalar(PADDING_LOGIT)]);
    const rows = this.add('Reshape', [logits, this.sizes([B, 1, 1, T])]);
    return this.isFused ? this.add('Expand', [rows, this.sizes([B, 1, T, T])]) : rows;
  }

  private encodeLayer(x: string, layer: number, padding: string): string {
    const names = namesOf(this.options.config.architecture).layer(layer);
    const context = this.isFused ? this.fusedAttention(x, layer, padding) : this.attention(x, layer, padding);
    const y = this.projectAndNorm(context, names.attentionOutput, x, names.attentionNorm);
    return this.projectAndNorm(this.linearGelu(y, names.intermediate), names.output, y, names.outputNorm);
  }

  private attention(x: string, layer: number, padding: string): string {
    const names = namesOf(this.options.config.architecture).layer(layer);
    const { batchSize: B, tokens: T } = this.options.shape;
    const { hiddenSize: H, heads: N } = this.options.config;
    const split = (module: string, perm: readonly number[]) => {
      const heads = this.add('Reshape', [this.linear(x, module), this.sizes([B, T, N, H / N])]);
      return this.add('Transpose', [heads], { perm: { ints: perm } });
    };
    const query = split(names.query, [0, 2, 1, 3]); // [B, N, T, D]
    const key = split(names.key, [0, 2, 3, 1]); // [B, N, D, T]
    const value = split(names.value, [0, 2, 1, 3]);
    const scores = this.add('Mul', [this.add('MatMul', [query, key]), this.scalar(1 / Math.sqrt(H / N))]);
    const probabilities = this.add('Softmax', [this.add('Add', [scores, padding])], { axis: { int: -1 } });
    const context = this.add('MatMul', [probabilities, value]);
    const merged = this.add('Transpose', [context], { perm: { ints: [0, 2, 1, 3] } });
    return this.add('Reshape', [merged, this.sizes([B, T, H])]);
  }

  private fusedAttention(x: string, layer: number, padding: string): string {
    const names = namesOf(this.options.config.architecture).layer(layer);
    const { hiddenSize: H, heads } = this.options.config;
    const modules = [names.query, names.key, names.value];
    const biases = concatenated(modules.map((module) => this.dataOf(`${module}.bias`)));
    const bias = this.constant(`${names.query}.biases`, [3 * H], biases);
    const noKeyPadding = ''; // which its WebGPU kernels do not have
    const inputs = [...modules.map((module) => this.product(x, module)), bias, noKeyPadding, padding];
    return this.add('MultiHeadAttention', inputs, { num_heads: { int: heads } }, MICROSOFT);
  }

  private projectAndNorm(x: string, module: string, residual: string, norm: string): string {
    if (!this.isFused) return this.layerNorm(this.add('Add', [this.linear(x, module), residual]), norm);
    const { gamma, beta, epsilon } = this.normOf(norm);
    const inputs = [this.product(x, module), residual, gamma, beta, this.parameter(`${module}.bias`)];
    return this.add('SkipLayerNormalization', inputs, { epsilon }, MICROSOFT);
  }

  private linearGelu(x: string, module: string): string {
    return this.isFused
      ? this.add('BiasGelu', [this.product(x, module), this.parameter(`${module}.bias`)], {}, MICROSOFT)
      : this.add('Gelu', [this.linear(x, module)]);
  }

  private layerNorm(x: string, module: string): string {
    const { gamma, beta, epsilon } = this.normOf(module);
    return this.add('LayerNormalization', [x, gamma, beta], { axis: { int: -1 }, epsilon });
  }

  private normOf(module: string) {
    const epsilon = { float: this.options.config.layerNormEps };
    return { gamma: this.parameter(`${module}.weight`), beta: this.parameter(`${module}.bias`), epsilon };
  }

  private linear(x: string, module: string): string {
    return this.add('Add', [this.product(x, module), this.parameter(`${module}.bias`)]);
  }

  /** x Wᵀ without the bias. */
  private product(x: string, module: string): string {
    const { shape, data } = this.tensorOf(`${module}.weight`);
    const [rows = 0, columns = 0] = shape;
    const name = `${module}.weight.transposed`;
    return this.add('MatMul', [x, this.constant(name, [columns, rows], transposed(data, rows, columns))]);
  }

  private get isFused(): boolean {
    return this.options.dialect === 'fused';
  }

  private tensorOf(name: string): HostTensor {
    const tensor = this.options.tensors.get(name);
    if (!tensor) throw new Error(`${name}: expected among the checkpoint's tensors, got none`);
    return tensor;
  }

  private dataOf(name: string): Float32Array {
    return this.tensorOf(name).data;
  }

  private parameter(name: string): string {
    const { shape, data } = this.tensorOf(name);
    return this.constant(name, shape, data);
  }

  private scalar(value: number): string {
    return this.constant(`scalar ${value}`, [], Float32Array.of(value));
  }

  private sizes(dims: readonly number[]): string {
    return this.constant(`sizes ${dims}`, [dims.length], BigInt64Array.from(dims, BigInt));
  }

  private constant(name: string, dims: readonly number[], data: OnnxTensor['data']): string {
    this.initializers.set(name, { dims, data });
    return name;
  }

  private add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    const output = `${operator} ${this.nodes.length}`;
    this.nodes.push({ operator, domain, inputs, outputs: [output], attributes });
    return output;
  }

  private addTo(output: string, operator: string, inputs: readonly string[]): void {
    this.nodes.push({ operator, domain: '', inputs, outputs: [output], attributes: {} });
  }
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!;
  }
  return turned;
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

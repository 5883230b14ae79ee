// Writes ONNX models: the part of onnx.proto (IR version 8) that a graph of float32 inference needs. Field numbers
// are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.

export type ElementType = 'float32' | 'int32' | 'int64';

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number };

export interface OnnxNode {
  readonly operator: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  /** Names of values; an optional input that is left out is the empty name. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** A name stands for any size. */
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  /** Version of each operator set, by domain. */
  readonly operatorSets: Readonly<Record<string, number>>;
  readonly nodes: readonly OnnxNode[];
  /** Constants by name. */
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** A message in pieces, so that weights are copied once, at the end. */
type Message = readonly Uint8Array[];

const IR_VERSION = 8;
const DATA_TYPES: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7 };

export function writeOnnx({ operatorSets, nodes, initializers, inputs, outputs }: OnnxModel): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((node) => message(1, nodeProto(node))),
    ...text(2, 'graph'),
    ...[...initializers].flatMap(([name, tensor]) => message(5, tensorProto(name, tensor))),
    ...inputs.flatMap((value) => message(11, valueInfoProto(value))),
    ...outputs.flatMap((value) => message(12, valueInfoProto(value))),
  ];
  const sets = Object.entries(operatorSets).flatMap(([domain, version]) =>
    message(8, [...text(1, domain), ...integer(2, version)]),
  );
  return joined([...integer(1, IR_VERSION), ...message(7, graph), ...sets]);
}

function nodeProto({ operator, domain, inputs, outputs, attributes }: OnnxNode): Message {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(3, outputs[0] ?? ''),
    ...text(4, operator),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, attributeProto(name, value))),
    ...text(7, domain),
  ];
}

function attributeProto(name: string, attribute: OnnxAttribute): Message {
  const kind = (number: number) => integer(20, number);
  if ('float' in attribute) return [...text(1, name), ...float(2, attribute.float), ...kind(1)];
  if ('int' in attribute) return [...text(1, name), ...integer(3, attribute.int), ...kind(2)];
  return [...text(1, name), ...attribute.ints.flatMap((value) => integer(8, value)), ...kind(7)];
}

function tensorProto(name: string, { dims, data }: OnnxTensor): Message {
  const type = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
  return [
    ...dims.flatMap((size) => integer(1, size)),
    ...integer(2, DATA_TYPES[type]),
    ...text(8, name),
    ...bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

function valueInfoProto({ name, type, dims }: OnnxValue): Message {
  const shape = dims.flatMap((size) => message(1, typeof size === 'string' ? text(2, size) : integer(1, size)));
  const tensorType = [...integer(1, DATA_TYPES[type]), ...message(2, shape)];
  return [...text(1, name), ...message(2, message(1, tensorType))];
}

// Protocol buffers: every field is a tag, which is number · 8 + wire type, and a payload.

const integer = (field: number, value: number): Message => [varint(field * 8), varint(value)];

const float = (field: number, value: number): Message => [
  varint(field * 8 + 5),
  new Uint8Array(Float32Array.of(value).buffer),
];

const bytes = (field: number, payload: Uint8Array): Message => message(field, [payload]);

const text = (field: number, payload: string): Message => bytes(field, new TextEncoder().encode(payload));

const message = (field: number, parts: Message): Message => [varint(field * 8 + 2), varint(sizeOf(parts)), ...parts];

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) digits.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...digits, Number(rest));
}

const sizeOf = (parts: Message): number => parts.reduce((sum, { length }) => sum + length, 0);

function joined(parts: Message): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

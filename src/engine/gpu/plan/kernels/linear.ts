// y = f(x (M∘W)ᵀ + b), alone or up to three maps that read the same rows in one dispatch. Weights are addressed in
// the flat buffers through a small table, so every layer shares its pipelines.
// Binary masks are applied as weights are read (`mask-bits.ts`).
// Backward: dX = Σ dh (M∘W), with the derivative of the activation before it in the epilogue; dW′ = dhᵀ x, whose
// epilogue writes dW = dW′∘M and dS = dW′∘W∘dM/dS (straight-through for binary masks), and, in threads of its own,
// db = Σ dh.
import { isBinary } from '../../../pruning/masks.ts';
import type { Activation, Value } from '../../graph.ts';
import type { Compilation, Forwarded, OperationOf, PlanKernel } from '../compilation.ts';
import { type Command, kernel, read, readMatrix, STEP, uniform, write, writeMatrix } from '../shader.ts';
import {
  align,
  type Format,
  type Matrix,
  padded,
  Storage,
  type View,
  vectorsIn,
  vectorsOf,
  wholeOf,
  wordsOf,
} from '../storage.ts';
import type { Tier } from '../tier.ts';
import { activationFunction, slopeFunction } from './activation.ts';
import { activationGradient } from './elementwise.ts';
import { bitMask, KEPT } from './mask-bits.ts';
import { type Masking, maskGradients } from './mask-gradients.ts';
import { launch, locateTile, type Tiling, tilesOf } from './product.ts';
import { tilingOf } from './tiling.ts';

type Linear = OperationOf<'linear'>;
type Mask = OperationOf<'mask'>;

interface Inputs {
  readonly x: Value;
  readonly weight: Value;
  readonly bias: Value;
  readonly mask: Mask | null;
}

function inputsOf({ inputs: [x, weight, bias, mask] }: Linear): Inputs {
  if (!x || !weight || !bias) throw new Error('linear: expected x, weight and bias');
  if (!mask) return { x, weight, bias, mask: null };
  if (mask.kind !== 'operation' || mask.op !== 'mask') throw new Error('linear: expected a mask operation as mask');
  return { x, weight, bias, mask };
}

/** Words from one member's outputs to the next's in a group's storage. */
const segmentOf = ({ view }: Matrix): number => align(view.words);
const segmentVectors = (matrix: Matrix): number => vectorsIn(segmentOf(matrix), matrix.format);

interface Segments {
  readonly members: number;
  readonly rows: number;
  readonly columns: number;
  readonly format: Format;
}

function segments(label: string, { members, rows, columns, format }: Segments): Matrix[] {
  const stride = padded(columns);
  const words = wordsOf((rows * stride) / 4, format);
  const home = new Storage(label, members * align(words));
  const view = (index: number): View => ({ home, offset: index * align(words), words });
  return Array.from({ length: members }, (_, index) => ({ rows, columns, stride, format, view: view(index) }));
}

export const linear: PlanKernel<'linear'> = (c, operation) => {
  const group = c.groups.get(operation) ?? [operation];
  const outputs = forward(c, group);
  const gradients = new Map<Linear, Matrix>();
  const results = group.map((member, index): Forwarded => {
    const value = outputs[index] as Matrix;
    const backward = (gradient: Matrix) => {
      gradients.set(member, gradient);
      if (member === group[0]) goBack(c, group, gradients); // the first in order is the last on the way back
    };
    return { value, backward };
  });
  group.forEach((member, index) => {
    c.keep(member, results[index] as Forwarded);
  });
  return results[group.indexOf(operation)] as Forwarded;
};

function forward(c: Compilation, group: readonly Linear[]): Matrix[] {
  const first = group[0] as Linear;
  const { x: source, mask } = inputsOf(first);
  const [rows, columns] = first.shape as [number, number];
  const { activation } = first.attributes;
  const format = group.some((member) => c.formatOf(member) === 'f32') ? 'f32' : 'f16';
  const outputs = segments('linear', { members: group.length, rows, columns, format });
  const needsInput = activation !== 'none' && group.some((member) => c.wants(member));
  const h = needsInput ? c.allocate('pre-activation', rows, columns, c.environment.precision) : null;
  if (h) c.preActivations.set(first, h);
  if (group.length > 1 && group.every((member) => c.wants(member))) {
    const targets = segments('gradients of linear', { members: group.length, rows, columns, format: 'f32' });
    group.forEach((member, index) => {
      c.gradientTargets.set(member, targets[index] as Matrix);
    });
  }
  const x = c.matrixOf(source);
  const members = memberTable(c, group);
  const { tier } = c.environment;
  c.emit(forwardCommand({ x, outputs, h, activation, members, tier, ...weightsOf(c, mask) }));
  return outputs;
}

/** Many matrices in one binding. */
type Flat = Pick<Matrix, 'view' | 'format'>;

interface Weights {
  /** Flat parameters, for biases. */
  readonly parameters: Flat;
  /** What products read: l0's gated weights, halves, or the parameters. */
  readonly weights: Flat;
  /** Bits of binary masks, read beside the weights. */
  readonly bits: View | null;
}

function weightsOf(c: Compilation, mask: Mask | null): Weights {
  const parameters: Flat = { view: wholeOf(c.environment.parameters.seal()), format: 'f32' };
  const rounded = c.environment.halves?.buffer;
  const halves: Flat | null = rounded ? { view: wholeOf(rounded), format: 'f16' } : null;
  if (mask && isGate(mask)) return { parameters, weights: { view: masksOf(c).applied, format: 'f32' }, bits: null };
  return { parameters, weights: halves ?? parameters, bits: mask ? masksOf(c).applied : null };
}

const isGate = ({ attributes }: Mask): boolean => !isBinary(attributes.method);

function masksOf(c: Compilation) {
  if (!c.environment.masks) throw new Error('linear: expected decided masks, got none');
  return c.environment.masks;
}

/** Per member: where its weight (l0: its gated weight) and bias begin, in vectors, and its mask's bits, in words. */
function memberTable(c: Compilation, group: readonly Linear[]): View {
  const words = group.flatMap((member) => {
    const { weight, bias, mask } = inputsOf(member);
    const at = ({ view, format }: Matrix) => vectorsIn(view.offset, format);
    const applied = mask ? masksOf(c).offsetOf(mask) : 0;
    const place = mask && isGate(mask) ? applied / 4 : at(productWeight(c, weight));
    return [place, at(c.matrixOf(bias)), applied, 0];
  });
  return c.recording.constant(Uint32Array.from(words));
}

function productWeight(c: Compilation, weight: Value): Matrix {
  const halves = weight.kind === 'parameter' ? c.environment.halves?.matrix(weight.name) : null;
  return halves ?? c.matrixOf(weight);
}

function forwardCommand(
  o: Weights & {
    readonly x: Matrix;
    readonly outputs: readonly Matrix[];
    readonly h: Matrix | null;
    readonly activation: Activation;
    readonly members: View;
    readonly tier: Tier;
  },
): Command {
  const { x, outputs, h, activation } = o;
  const first = outputs[0] as Matrix;
  const vectors = vectorsOf(first);
  const tiling = tilingOf({ rows: first.rows, vectors, copies: outputs.length, depth: x.stride }, o.tier);
  const tiles = tilesOf(tiling);
  const weights = o.weights === o.parameters ? 'parameters' : 'weights';
  const activated = activation === 'none' ? 'v' : 'activate(v)';
  const stride = vectorsOf(x);
  return kernel({
    label: `linear${outputs.length > 1 ? ` ×${outputs.length}` : ''}${activation === 'none' ? '' : ` + ${activation}`}`,
    ...launch(tiling, outputs.length * tiles),
    bindings: {
      x: readMatrix(x),
      parameters: readMatrix(o.parameters),
      ...(o.weights === o.parameters ? {} : { weights: readMatrix(o.weights) }),
      ...(o.bits ? { bits: read(o.bits, 'u32') } : {}),
      y: writeMatrix(joined(outputs)),
      ...(h ? { h: writeMatrix(h) } : {}),
      members: uniform(o.members, `array<vec4u, ${outputs.length}>`),
    },
    declarations: activationFunction(activation) + (o.bits ? KEPT : '') + tiling.declarations,
    body: `
      let which = ${tiling.unit} / ${tiles}u;
      let member = members[which];
      ${locateTile(tiling, `(${tiling.unit} % ${tiles}u)`)}
      ${tiling.declareSums()}
      ${tiling.accumulate({
        form: 'NT',
        depth: stride,
        a: { name: 'x', stride, offset: '0u' },
        b: {
          ...{ name: weights, stride, offset: 'member.x' },
          ...(o.bits ? { mask: bitMask('bits', 'member.z', stride) } : {}),
        },
      })}
      ${tiling.eachVector(
        `v += load_parameters(member.y + c); let at = r * ${vectors}u + c;
         ${h ? 'store_h(at, v);' : ''} store_y(which * ${segmentVectors(first)}u + at, ${activated});`,
      )}`,
  });
}

/** One binding over the segments of a group. */
function joined(matrices: readonly Matrix[]): Flat {
  const [first] = matrices;
  const last = matrices.at(-1);
  if (!first || !last) throw new Error('linear: expected at least one map');
  const { home, offset } = first.view;
  return { view: { home, offset, words: last.view.offset + last.view.words - offset }, format: first.format };
}

function goBack(c: Compilation, group: readonly Linear[], gradients: ReadonlyMap<Linear, Matrix>): void {
  const flows = group.flatMap((member) => {
    const gradient = gradients.get(member);
    return gradient ? [{ member, dh: beforeActivation(c, member, gradient) }] : [];
  });
  const isWhole = flows.length > 1 && areSegments(flows.map(({ dh }) => dh));
  for (const members of isWhole ? [flows] : flows.map((flow) => [flow])) {
    weightGradients(c, members);
    inputGradient(c, members);
  }
}

function areSegments(matrices: readonly Matrix[]): boolean {
  const [first] = matrices;
  if (!first) return false;
  const words = segmentOf(first);
  return matrices.every(
    ({ view }, index) => view.home === first.view.home && view.offset === first.view.offset + index * words,
  );
}

function beforeActivation(c: Compilation, member: Linear, dy: Matrix): Matrix {
  const { activation } = member.attributes;
  const h = c.preActivations.get(member);
  if (activation === 'none' || c.activated.has(member) || !h) return dy;
  const dh = c.allocate('gradient of pre-activation', dy.rows, dy.columns);
  c.emit(activationGradient(activation, { dy, h, dh }));
  return dh;
}

interface Flow {
  readonly member: Linear;
  readonly dh: Matrix;
}

/** dX = Σ dh (M∘W), added to what has come so far; times f′(h) where x is an activation only read here. */
function inputGradient(c: Compilation, flows: readonly Flow[]): void {
  const members = flows.map(({ member }) => member);
  const { x: source, mask } = inputsOf(members[0] as Linear);
  if (!c.wants(source)) return;
  const slope = slopeBefore(c, source, members.length);
  const { target, addend } = c.gradientTarget(source);
  const vectors = vectorsOf(target);
  const weights = weightsOf(c, mask);
  const dh = flows.map((flow) => flow.dh);
  const [first] = dh as [Matrix];
  const depth = flows.length * first.stride;
  const tiling = tilingOf({ rows: target.rows, vectors, copies: 1, depth }, c.environment.tier);
  c.emit(
    kernel({
      label: `linear ×${flows.length} gradient of input`,
      ...launch(tiling, tilesOf(tiling)),
      bindings: {
        dh: readMatrix(joined(dh)),
        weights: readMatrix(weights.weights),
        ...(weights.bits ? { bits: read(weights.bits, 'u32') } : {}),
        dx: writeMatrix(target),
        ...(addend ? { addend: readMatrix(addend) } : {}),
        ...(slope ? { h: readMatrix(slope.h) } : {}),
        members: uniform(memberTable(c, members), `array<vec4u, ${members.length}>`),
      },
      declarations: (slope ? slopeFunction(slope.activation) : '') + (weights.bits ? KEPT : '') + tiling.declarations,
      body: `
        ${locateTile(tiling, tiling.unit)}
        ${tiling.declareSums()}
        ${members
          .map((_, index) =>
            tiling.accumulate({
              form: 'NN',
              depth: vectorsOf(first),
              a: {
                name: 'dh',
                stride: vectorsOf(first),
                offset: `${index * segmentVectors(first)}u`,
              },
              b: {
                ...{ name: 'weights', stride: vectors, offset: `members[${index}].x` },
                ...(weights.bits ? { mask: bitMask('bits', `members[${index}].z`, vectors) } : {}),
              },
            }),
          )
          .join('\n')}
        ${tiling.eachVector(
          `let at = r * ${vectors}u + c; ${addend ? 'v += load_addend(at);' : ''}
           store_dx(at, v${slope ? ' * slope(load_h(at))' : ''});`,
        )}`,
    }),
  );
}

/** The activation that made x, if its derivative can be applied on the way. */
function slopeBefore(c: Compilation, source: Value, users: number) {
  if (source.kind !== 'operation' || source.op !== 'linear' || source.attributes.activation === 'none') return null;
  const h = c.preActivations.get(source);
  if (users > 1 || !h || !c.isUsedOnce(source) || c.hasGradient(source)) return null;
  c.activated.add(source);
  return { activation: source.attributes.activation, h };
}

/** Which gradients of its parameters a map has. */
interface GradientPlaces {
  readonly weight: boolean;
  readonly bias: boolean;
  readonly scores: boolean;
}

/** dW = dW′∘M, dS = dW′∘W∘dM/dS, db = Σ dh, whichever are wanted. */
function weightGradients(c: Compilation, flows: readonly Flow[]): void {
  const members = flows.map(({ member }) => member);
  const { x: source, weight, bias, mask } = inputsOf(members[0] as Linear);
  const wanted = { weight: c.wants(weight), bias: c.wants(bias), scores: mask !== null && hasScoreGradient(c, mask) };
  if (!wanted.weight && !wanted.bias && !wanted.scores) return;
  const x = c.matrixOf(source);
  const dh = flows.map((flow) => flow.dh);
  const [first] = dh as [Matrix];
  const rows = padded(first.columns);
  const hasProduct = wanted.weight || wanted.scores;
  const vectors = hasProduct ? vectorsOf(x) : 0;
  const tiling = tilingOf({ rows, vectors, copies: members.length, depth: first.rows }, c.environment.tier);
  const across = tiling.across + (wanted.bias ? tiling.sumTiles : 0);
  const tiles = across * tiling.down;
  const gradients = c.environment.gradients.gradients as GPUBuffer;
  const masking = hasProduct && mask ? maskGradients(mask.attributes.method, { wanted, ...weightsOf(c, mask) }) : null;
  c.emit(
    kernel({
      label: `linear ×${flows.length} gradient of weights`,
      ...launch(tiling, members.length * tiles),
      bindings: {
        dh: readMatrix(joined(dh)),
        ...(hasProduct ? { x: readMatrix(x) } : {}),
        ...masking?.bindings,
        gradients: write({ home: gradients, offset: 0, words: gradients.size / 4 }),
        members: uniform(gradientTable(c, members, wanted), `array<vec4u, ${3 * members.length}>`),
        step: uniform(c.step, 'Step'),
      },
      declarations: STEP + (masking?.declarations ?? '') + tiling.declarations,
      body: `
        let which = ${tiling.unit} / ${tiles}u;
        let tileRow = (${tiling.unit} % ${tiles}u) / ${across}u;
        let tileColumn = ${tiling.unit} % ${across}u;
        ${tiling.locate('tileRow', 'tileColumn')}
        let places = members[3u * which];
        let sources = members[3u * which + 1u];
        let adds = members[3u * which + 2u] + vec4u(step.adds);
        let start = which * ${segmentVectors(first)}u;
        ${wanted.bias ? biasSum(tiling, first) : ''}
        ${hasProduct ? weightProduct({ first, x, tiling, wanted, masking }) : ''}`,
    }),
  );
}

const hasScoreGradient = (c: Compilation, mask: Mask): boolean =>
  mask.attributes.method !== 'magnitude' && c.wants(mask);

/** The tiles past the last column sum dh over rows. */
function biasSum(tiling: Tiling, dh: Matrix): string {
  const operand = { name: 'dh', stride: vectorsOf(dh), offset: 'start' };
  const store = (column: string, sum: string) => `{ var b = ${sum}; let to = places.y + ${column};
    if (adds.y > 0u) { b += gradients[to]; } gradients[to] = b; }`;
  return `if (tileColumn >= ${tiling.across}u) { ${tiling.sumRows(operand, dh.rows, store)} return; }`;
}

function weightProduct(o: {
  readonly first: Matrix;
  readonly x: Matrix;
  readonly tiling: Tiling;
  readonly wanted: GradientPlaces;
  readonly masking: Masking | null;
}): string {
  const { first, x, tiling, wanted, masking } = o;
  const vectors = vectorsOf(x);
  const weight = `{ var g = ${masking?.weight(vectors) ?? 'v'};
    let to = places.x + at; if (adds.x > 0u) { g += gradients[to]; } gradients[to] = g; }`;
  const scores = `{ var g = ${masking?.score ?? 'v'};
    let to = places.z + at; if (adds.z > 0u) { g += gradients[to]; } gradients[to] = g; }`;
  return `
    ${masking?.start ?? ''}
    ${tiling.declareSums()}
    ${tiling.accumulate({
      form: 'TN',
      depth: x.rows,
      a: { name: 'dh', stride: vectorsOf(first), offset: 'start' },
      b: { name: 'x', stride: vectors, offset: '0u' },
    })}
    ${tiling.eachVector(
      `let at = r * ${vectors}u + c; ${masking?.each(x.columns) ?? ''}
       ${wanted.weight ? weight : ''} ${wanted.scores ? scores : ''}`,
    )}`;
}

/** Per member: places of dW, db, dS; of scores, weight and mask bits, and the noise's site; which of the three add. */
function gradientTable(c: Compilation, members: readonly Linear[], wanted: GradientPlaces): View {
  const words = members.flatMap((member) => {
    const { weight, bias, mask } = inputsOf(member);
    const place = (value: Value | undefined, isWanted: boolean) => {
      if (!isWanted || !value) return { at: 0, adds: 0 };
      const { matrix, adds } = c.parameterGradient(value);
      return { at: matrix.view.offset / 4, adds: adds ? 1 : 0 };
    };
    const scores = mask?.inputs[0];
    const [dW, db, dS] = [place(weight, wanted.weight), place(bias, wanted.bias), place(scores, wanted.scores)];
    const source = scores ? c.matrixOf(scores).view.offset / 4 : 0;
    const bits = mask ? masksOf(c).offsetOf(mask) : 0;
    return [
      ...[dW.at, db.at, dS.at, 0],
      ...[source, c.matrixOf(weight).view.offset / 4, bits, mask?.attributes.site ?? 0],
      ...[dW.adds, db.adds, dS.adds, 0],
    ];
  });
  return c.recording.constant(Uint32Array.from(words));
}

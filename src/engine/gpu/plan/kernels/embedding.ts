// Word, position and token-type rows summed; and back: each table's gradient is summed over segments of tokens that
// share a row, sorted by the host, so that no atomics are needed and the order of sums is always the same.
import type { StepInputs } from '../../executor.ts';
import type { Value } from '../../graph.ts';
import { positionIds } from '../../position-ids.ts';
import type { Compilation, PlanKernel } from '../compilation.ts';
import { type Command, kernel, read, readMatrix, STEP, uniform, writeMatrix } from '../shader.ts';
import { type Matrix, type View, vectorsOf } from '../storage.ts';
import { feedOf } from '../upload.ts';

export const embedding: PlanKernel<'embedding'> = (c, operation) => {
  const { inputs, attributes } = operation;
  const [ids, word, position, types, type] = inputs;
  if (!ids || !word || !position) throw new Error('embedding: expected ids, word and position');
  const [batch = 0, tokens = 0] = ids.shape;
  const words = c.matrixOf(word);
  const vectors = vectorsOf(words);
  const y = c.allocate('embedding', batch * tokens, words.columns, c.formatOf(operation));
  const places = attributes.skipsPadding ? placesOf(c, ids, attributes.padTokenId) : null;
  const typed = types && type ? { types: read(c.integersOf(types), 'i32'), kinds: readMatrix(c.matrixOf(type)) } : null;
  c.emit(
    kernel({
      label: 'embedding',
      threads: batch * tokens * vectors,
      bindings: {
        ids: read(c.integersOf(ids), 'i32'),
        word: readMatrix(words),
        position: readMatrix(c.matrixOf(position)),
        ...(places ? { places: read(places.view, 'i32') } : {}),
        ...(typed ?? {}),
        y: writeMatrix(y),
      },
      body: `
        let row = id / ${vectors}u;
        let column = id % ${vectors}u;
        var sum = load_word(u32(ids[row]) * ${vectors}u + column);
        sum += load_position(${places ? 'u32(places[row])' : `(row % ${tokens}u)`} * ${vectors}u + column);
        ${typed ? `sum += load_kinds(u32(types[row]) * ${vectors}u + column);` : ''}
        store_y(id, sum);`,
    }),
  );
  return {
    value: y,
    backward: (dy) => {
      const { padTokenId: padding } = attributes;
      if (c.wants(word)) tableGradient(c, { lookup: fed(ids), table: word, dy, padding });
      if (types && type && c.wants(type)) tableGradient(c, { lookup: fed(types), table: type, dy, padding: null });
      if (!c.wants(position)) return;
      if (places) tableGradient(c, { lookup: places.lookup, table: position, dy, padding });
      else positionGradient(c, { position, dy, batch, tokens });
    },
  };
};

/** Rows of a table that the tokens of a batch name, known to the host. */
interface Lookup {
  readonly name: string;
  idsOf(inputs: StepInputs): ArrayLike<number>;
}

function fed(ids: Value): Lookup {
  if (ids.kind !== 'feed') throw new Error('embedding: expected ids to be fed');
  return { name: ids.name, idsOf: (inputs) => feedOf(inputs, ids.name) };
}

/** The rows of the position table where padding is skipped. */
function placesOf(c: Compilation, ids: Value, padding: number): { readonly lookup: Lookup; readonly view: View } {
  const { name, idsOf } = fed(ids);
  const [batch = 0, tokens = 1] = ids.shape;
  const lookup: Lookup = {
    name: `places of ${name}`,
    idsOf: (inputs) => positionIds(idsOf(inputs), tokens, padding),
  };
  const view = c.recording.upload.region(lookup.name, {
    words: batch * tokens,
    element: 'i32',
    source: ({ inputs }) => lookup.idsOf(inputs),
  });
  return { lookup, view };
}

/** One thread per distinct row and vector; rows that no token names stay zero. */
function tableGradient(
  c: Compilation,
  o: { readonly lookup: Lookup; readonly table: Value; readonly dy: Matrix; readonly padding: number | null },
): void {
  const { dy } = o;
  const vectors = vectorsOf(dy);
  const { matrix, adds } = c.parameterGradient(o.table); // a tied decoder has written it before
  if (!adds) c.emit(zero(c, matrix));
  c.emit(
    kernel({
      label: 'embedding gradient',
      threads: Math.min(dy.rows, matrix.rows) * vectors,
      bindings: {
        dy: readMatrix(dy),
        segments: read(segmentsOf(c, o.lookup, { rows: dy.rows, padding: o.padding }), 'u32'),
        gradient: writeMatrix(matrix),
      },
      body: `
        let segment = id / ${vectors}u;
        let column = id % ${vectors}u;
        if (segment >= segments[0]) { return; }
        let entry = 1u + ${dy.rows}u + 3u * segment; // row of the table, first and last token
        var sum = vec4f();
        for (var i = segments[entry + 1u]; i < segments[entry + 2u]; i++) {
          sum += load_dy(segments[1u + i] * ${vectors}u + column);
        }
        let to = segments[entry] * ${vectors}u + column;
        store_gradient(to, sum + load_gradient(to));`,
    }),
  );
}

/** Unless it adds to earlier micro-batches. In the pass with all else: a fill of 4 MB beside it held SwiftShader up for 2.6 ms. */
function zero(c: Compilation, gradient: Matrix): Command {
  return kernel({
    label: 'zero gradient',
    threads: gradient.rows * vectorsOf(gradient),
    bindings: { gradient: writeMatrix(gradient), step: uniform(c.step, 'Step') },
    declarations: STEP,
    body: 'if (step.adds == 0u) { store_gradient(id, vec4f()); }',
  });
}

function positionGradient(
  c: Compilation,
  { position, dy, batch, tokens }: { position: Value; dy: Matrix; batch: number; tokens: number },
): void {
  const vectors = vectorsOf(dy);
  const { matrix, adds } = c.parameterGradient(position);
  if (adds) throw new Error('embedding: expected positions that one embedding reads, got two readers');
  c.emit(
    kernel({
      label: 'position gradient',
      threads: matrix.rows * vectors,
      bindings: { dy: readMatrix(dy), gradient: writeMatrix(matrix), step: uniform(c.step, 'Step') },
      declarations: STEP,
      body: `
        var sum = vec4f();
        if (id < ${tokens * vectors}u) {
          for (var text = 0u; text < ${batch}u; text++) { sum += load_dy(text * ${tokens * vectors}u + id); }
        }
        if (step.adds == 1u) { sum += load_gradient(id); }
        store_gradient(id, sum);`,
    }),
  );
}

/** [segments; tokens sorted by row (R words); per segment: row of the table, first and last place in that order]. */
function segmentsOf(
  c: Compilation,
  { name, idsOf }: Lookup,
  o: { readonly rows: number; readonly padding: number | null },
): View {
  return c.recording.upload.region(`${name} by row`, {
    words: 1 + 4 * o.rows,
    element: 'i32',
    source: ({ inputs }) => sortedSegments(idsOf(inputs), o.padding),
  });
}

function sortedSegments(ids: ArrayLike<number>, padding: number | null): Int32Array {
  const order = Int32Array.from({ length: ids.length }, (_, token) => token);
  const idOf = (token: number) => ids[token] as number;
  order.sort((a, b) => idOf(a) - idOf(b) || a - b);
  const words = new Int32Array(1 + 4 * ids.length);
  words.set(order, 1);
  let segments = 0;
  for (let first = 0; first < order.length; ) {
    const id = idOf(order[first] as number);
    let last = first + 1;
    while (last < order.length && idOf(order[last] as number) === id) last++;
    if (id !== padding) words.set([id, first, last], 1 + ids.length + 3 * segments++);
    first = last;
  }
  words[0] = segments;
  return words;
}

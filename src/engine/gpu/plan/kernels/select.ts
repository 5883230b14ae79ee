// The exact top-v cut-off of many matrices at once, each ranked alone or all together, without a read-back.
// Radix selection on ranks: per digit of 8 bits a histogram, then the bucket of the last number kept. Numbers equal to
// the cut-off are kept from the lowest place on, as in `pruning/select.ts`.
import type { Recording } from '../plan.ts';
import { kernel, read, write } from '../shader.ts';
import { Storage, type View } from '../storage.ts';
import { hasFastBarriers, type Tier } from '../tier.ts';
import { rankFunction } from './mask.ts';
import { MATRIX_INFO, type MatrixTable, PIECE } from './matrix-table.ts';

export interface Selection {
  readonly table: MatrixTable;
  /** One row per ranking: first and last matrix, first piece, number of scores. */
  readonly rankings: readonly (readonly [number, number, number, number])[];
  readonly parameters: View;
  readonly isAbsolute: boolean;
  readonly tier: Tier;
  /** Word 0: a rank above which everything is kept in any case; then per ranking how many are kept. */
  readonly settings: View;
  /** Per matrix: rank of the cut-off, place below which ties are kept. */
  readonly cuts: View;
}

const DIGITS = [24, 16, 8, 0] as const;
const BUCKETS = 256;
const LANES = 64;
const STATE = /* wgsl */ `
struct State { prefix: u32, need: u32, ties: u32, unused: u32 }
struct Ranking { first: u32, last: u32, piece: u32, count: u32 }`;

/** Matrix tables here carry the ranking in `a` and the matrix's first place in it in `b`. */
export function recordSelection(recording: Recording, o: Selection): void {
  const rankings = o.rankings.length;
  const storage = new Storage('histograms', 0);
  const histograms = DIGITS.map(() => storage.append(rankings * BUCKETS));
  recording.cleared.push({ home: storage, offset: 0, words: storage.words });
  const state = recording.allocate('selection', rankings, 4).view;
  const table = recording.constant(Uint32Array.from(o.rankings.flat()));
  DIGITS.forEach((shift, pass) => {
    const histogram = histograms[pass] as View;
    recording.emit(count(o, { shift, histogram, state }));
    recording.emit(descend(o, { shift, histogram, state }));
  });
  const ties = recording.allocate('ties', 1, o.table.pieces).view;
  recording.cleared.push(ties);
  recording.emit(countTies(o, { state, ties }));
  recording.emit(settle(o, { state, ties, table }));
}

interface Pass {
  readonly shift: number;
  readonly histogram: View;
  readonly state: View;
}

function count(o: Selection, { shift, histogram, state }: Pass) {
  const isFirst = shift === 24;
  const isShared = hasFastBarriers(o.tier);
  const lanes = isShared ? BUCKETS : LANES;
  return kernel({
    label: `histogram ${shift}`,
    threads: o.table.pieces * lanes,
    workgroupSize: lanes,
    bindings: {
      source: read(o.parameters),
      ...o.table.bindings,
      histogram: write(histogram, 'atomic<u32>'),
      ...(isFirst ? {} : { states: read(state, 'State') }),
    },
    declarations: `${MATRIX_INFO}${STATE}${rankFunction(o.isAbsolute)}
      ${isShared ? `var<workgroup> counts: array<atomic<u32>, ${BUCKETS}>;` : ''}`,
    body: `
      let piece = pieces[group];
      let m = matrices[piece.x];
      ${isFirst ? '' : 'let prefix = states[m.a].prefix;'}
      ${(isShared ? countShared : countDirectly)({
        digit: `(key >> ${shift}u) & 255u`,
        each: (text) => `
          for (var i = lane; i < ${PIECE / 4}u; i += ${lanes}u) {
            let word = piece.y + 4u * i;
            if (word >= m.words) { break; }
            let v = source[(m.offset + word) / 4u];
            let keys = vec4u(rank(v.x), rank(v.y), rank(v.z), rank(v.w));
            let matches = (word % m.stride + vec4u(0u, 1u, 2u, 3u) < vec4u(m.columns))
              ${isFirst ? '' : `& (keys >> vec4u(${shift + 8}u) == vec4u(prefix))`};
            if (!any(matches)) { continue; }
            ${['x', 'y', 'z', 'w'].map((part) => `if (matches.${part}) { let key = keys.${part}; ${text} }`).join(' ')}
          }`,
      })}`,
  });
}

interface Counting {
  readonly digit: string;
  /** Runs `text` for every number that matches, its rank in `key`. */
  readonly each: (text: string) => string;
}

/** A histogram per workgroup first, as many threads hit the same few buckets. */
const countShared = ({ digit, each }: Counting): string => `
  ${each(`atomicAdd(&counts[${digit}], 1u);`)}
  workgroupBarrier();
  let counted = atomicLoad(&counts[lane]);
  if (counted > 0u) { atomicAdd(&histogram[m.a * ${BUCKETS}u + lane], counted); }`;

/** Straight to memory where barriers are dear; equal digits in a row are counted before they are written. */
const countDirectly = ({ digit, each }: Counting): string => `
  var last = 0u;
  var run = 0u;
  ${each(`let digit = ${digit};
    if (digit != last) {
      if (run > 0u) { atomicAdd(&histogram[m.a * ${BUCKETS}u + last], run); }
      last = digit;
      run = 0u;
    }
    run++;`)}
  if (run > 0u) { atomicAdd(&histogram[m.a * ${BUCKETS}u + last], run); }`;

/** One thread per ranking walks its buckets down from the largest numbers. */
function descend(o: Selection, { shift, histogram, state }: Pass) {
  const isFirst = shift === 24;
  return kernel({
    label: `bucket ${shift}`,
    threads: o.rankings.length,
    bindings: {
      histogram: read(histogram, 'u32'),
      states: write(state, 'State'),
      ...(isFirst ? { settings: read(o.settings, 'u32') } : {}),
    },
    declarations: STATE,
    body: `
      var need = ${isFirst ? 'settings[1u + id]' : 'states[id].need'};
      var bucket = 255u;
      var held = histogram[id * ${BUCKETS}u + bucket];
      while (held < need && bucket > 0u) {
        need -= held;
        bucket--;
        held = histogram[id * ${BUCKETS}u + bucket];
      }
      let prefix = ${isFirst ? '0u' : 'states[id].prefix << 8u'};
      states[id] = State(prefix | bucket, need, held, 0u);`,
  });
}

interface Ties {
  readonly state: View;
  readonly ties: View;
}

/** How many numbers of each piece equal the cut-off, where not all of them are kept. */
function countTies(o: Selection, { state, ties }: Ties) {
  return kernel({
    label: 'ties',
    threads: o.table.pieces * LANES,
    bindings: {
      source: read(o.parameters, 'f32'),
      ...o.table.bindings,
      states: read(state, 'State'),
      ties: write(ties, 'atomic<u32>'),
    },
    declarations: `${MATRIX_INFO}${STATE}${rankFunction(o.isAbsolute)}`,
    body: `
      let piece = pieces[group];
      let m = matrices[piece.x];
      let state = states[m.a];
      if (state.ties <= state.need) { return; }
      var equal = 0u;
      for (var i = lane; i < ${PIECE}u; i += ${LANES}u) {
        let word = piece.y + i;
        if (placeOf(m, word) != PADDING && rank(source[m.offset + word]) == state.prefix) { equal++; }
      }
      if (equal > 0u) { atomicAdd(&ties[group], equal); }`,
  });
}

/** Finds the place where the ties are used up and writes the cut of every matrix of a ranking. */
function settle(o: Selection, { state, ties, table }: Ties & { readonly table: View }) {
  return kernel({
    label: 'cut-offs',
    threads: o.rankings.length,
    bindings: {
      source: read(o.parameters, 'f32'),
      ...o.table.bindings,
      states: read(state, 'State'),
      ties: read(ties, 'u32'),
      rankings: read(table, 'Ranking'),
      settings: read(o.settings, 'u32'),
      cuts: write(o.cuts, 'vec2u'),
    },
    declarations: `${MATRIX_INFO}${STATE}${rankFunction(o.isAbsolute)}
fn lastTie(ranking: Ranking, state: State) -> u32 {
  var left = state.need;
  var at = ranking.piece;
  while (ties[at] < left) { left -= ties[at]; at++; }
  let m = matrices[pieces[at].x];
  var word = pieces[at].y;
  loop {
    let place = placeOf(m, word);
    if (place != PADDING && rank(source[m.offset + word]) == state.prefix) {
      left--;
      if (left == 0u) { return m.b + place + 1u; }
    }
    word++;
    if (word >= m.words) { return 0xffffffffu; }
  }
}`,
    body: `
      let ranking = rankings[id];
      let state = states[id];
      let keep = settings[1u + id];
      var key = state.prefix;
      var bound = 0xffffffffu;
      if (keep == 0u) { key = 0xffffffffu; bound = 0u; }
      else if (keep >= ranking.count) { key = 0u; bound = 0u; }
      else if (state.ties > state.need) { bound = lastTie(ranking, state); }
      if (key > settings[0]) { key = settings[0]; bound = 0u; }
      for (var i = ranking.first; i < ranking.last; i++) {
        cuts[i] = vec2u(key, bound - min(bound, matrices[i].b));
      }`,
  });
}

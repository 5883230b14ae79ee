// Rows reduced by a thread, a workgroup or a subgroup: rows shorter and longer than their teams, in whole numbers.
import { afterAll, describe, expect, it } from 'vitest';
import { DeviceGpu } from '../../../src/engine/gpu/plan/device-gpu.ts';
import { rowTeam } from '../../../src/engine/gpu/plan/kernels/row-team.ts';
import { type Command, kernel, read, write } from '../../../src/engine/gpu/plan/shader.ts';
import { type Rows, SOFTWARE_TIER } from '../../../src/engine/gpu/plan/tier.ts';
import { runOnce } from './commands.ts';
import { gpuErrors, openDevice, randomIntegers } from './compare.ts';
import { withSubgroupsOf } from './emulated-subgroups.ts';

const ROWS = 37;

/** Sum and largest of every row, and how often the row was written. */
async function reduced(o: {
  readonly rows: Rows;
  readonly vectors: number;
  readonly numbers: Float32Array<ArrayBuffer>;
  readonly emulate?: (command: Command) => Command;
}): Promise<number[]> {
  const { rows, vectors, numbers, emulate = (command) => command } = o;
  const team = rowTeam({ rows: ROWS, vectors }, { ...SOFTWARE_TIER, rows });
  const gpu = new DeviceGpu(await openDevice(), SOFTWARE_TIER);
  const view = (home: GPUBuffer) => ({ home, offset: 0, words: home.size / 4 });
  const x = gpu.createBuffer('x', numbers.length);
  const results = gpu.createBuffer('results', 4 * ROWS);
  gpu.write(x, 0, numbers);
  const command = kernel({
    label: 'rows',
    ...team.launch,
    bindings: { x: read(view(x)), results: write(view(results)) },
    declarations: team.declarations,
    body: team.eachRow(`
      var sum = vec4f();
      var top = vec4f(-3e38f);
      ${team.eachVector(`let v = x[row * ${vectors}u + i]; sum += v; top = max(top, v);`)}
      let result = vec2f(${team.sum('sum')}, ${team.largest('top')});
      ${team.once('results[row] += vec4f(result, 1.0, 0.0);')}`),
  });
  await runOnce(gpu, emulate(command));
  const [words] = await gpu.read([{ buffer: results, offset: 0, words: 4 * ROWS }]);
  gpu.dispose();
  return [...(words ?? [])];
}

function expected(numbers: Float32Array, vectors: number): number[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const entries = [...numbers.slice(row * vectors * 4, (row + 1) * vectors * 4)];
    return [entries.reduce((sum, value) => sum + value, 0), Math.max(...entries), 1, 0];
  }).flat();
}

const numbersOf = (vectors: number) =>
  Float32Array.from(randomIntegers(ROWS * vectors * 4, 99, vectors), (x) => x - 70);

afterAll(() => expect(gpuErrors).toEqual([]));

describe.each([1, 9, 80])('rows of %i vectors', (vectors) => {
  const numbers = numbersOf(vectors);

  it.each<Rows>([{ kind: 'thread' }, { kind: 'workgroup' }, { kind: 'subgroup', fewestLanes: 4 }])(
    'are reduced once each by a $kind',
    async (rows) => {
      expect(await reduced({ rows, vectors, numbers })).toEqual(expected(numbers, vectors));
    },
  );

  it.each([
    [8, 8],
    [32, 16],
    [128, 32],
  ])('are reduced once each by subgroups of %i where as few as %i may come', async (size, fewestLanes) => {
    const rows = { kind: 'subgroup', fewestLanes } as const;
    const emulate = (command: Command) => withSubgroupsOf(size, command);
    expect(await reduced({ rows, vectors, numbers, emulate })).toEqual(expected(numbers, vectors));
  });
});

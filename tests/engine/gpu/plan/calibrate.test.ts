// What a calibration concludes from times, whatever the adapter: times are made up here.
import { describe, expect, it } from 'vitest';
import { concluded, describeTier, tryAll } from '../../../../src/engine/gpu/plan/calibrate.ts';
import { candidates, hasFastBarriers, SOFTWARE_TIER } from '../../../../src/engine/gpu/plan/tier.ts';
import { PRODUCT_FLOPS } from '../../../../src/engine/gpu/plan/trial.ts';

const never = () => false;
const { tiles, rows } = candidates(32);
const [large, subgroup] = tiles;
const [bySubgroup, byWorkgroup] = rows;

describe('a calibration', () => {
  it('picks the faster of two kinds of tiles and of two kinds of rows', async () => {
    const times = new Map<unknown, number>([
      [large, 3],
      [subgroup, 2],
      [bySubgroup, 0.2],
      [byWorkgroup, 0.1],
    ]);
    const measure = async (option: unknown) => times.get(option) ?? null;
    const { tier } = concluded(
      await tryAll([bySubgroup!, byWorkgroup!], measure, never),
      await tryAll([large!, subgroup!], measure, never),
    );
    expect(tier).toEqual({ tiles: { kind: 'subgroup' }, rows: { kind: 'workgroup' } });
  });

  it('leaves out whatever gave wrong results, however fast', async () => {
    const measure = async (option: unknown) => (option === large ? null : 5);
    const { tier, milliseconds } = concluded([], await tryAll([large!, subgroup!], measure, never));
    expect(tier.tiles).toEqual(subgroup);
    expect(milliseconds.map(({ value }) => value)).toEqual([null, 5]);
  });

  it('falls back on the tier of software adapters where nothing is right', async () => {
    const wrong = async () => null;
    const { tier, teraflops } = concluded(await tryAll(rows, wrong, never), await tryAll(tiles, wrong, never));
    expect(tier).toEqual(SOFTWARE_TIER);
    expect(teraflops).toBe(0);
  });

  it('stops when it is late, but not before something was right', async () => {
    const times = [null, 4, 3, 2, 1];
    const tried = async (isLate: (asked: number) => boolean) => {
      let asked = 0;
      const found = await tryAll(
        tiles,
        async () => times[asked++] ?? null,
        () => isLate(asked),
      );
      return found.map(({ milliseconds }) => milliseconds);
    };
    expect(await tried(() => true)).toEqual([null, 4]);
    expect(await tried((asked) => asked >= 3)).toEqual([null, 4, 3]);
    expect(await tried(never)).toEqual(times);
  });

  it('is described by its tiles and their speed', () => {
    const at = (milliseconds: number) => concluded([], [{ option: large!, milliseconds }]);
    const slow = at(PRODUCT_FLOPS / 0.62e9); // FLOP over FLOP per ms: 0.62 TFLOP/s
    const fast = at(PRODUCT_FLOPS / 7.46e9);
    expect(describeTier(slow.tier, slow)).toBe('shared tiles 64×64 of 8×8, 620 GFLOP/s');
    expect(describeTier(fast.tier, fast)).toBe('shared tiles 64×64 of 8×8, 7.5 TFLOP/s');
    expect(describeTier(SOFTWARE_TIER, null)).toBe('register tiles');
  });
});

describe('candidates', () => {
  it('use subgroups only where kernels can', () => {
    const kinds = (fewestLanes: number | null) => candidates(fewestLanes).tiles.map(({ kind }) => kind);
    expect(kinds(8)).toContain('subgroup');
    expect(kinds(null)).not.toContain('subgroup');
    expect(candidates(null).rows).toEqual([{ kind: 'workgroup' }]);
  });

  it('all count on barriers, as software adapters must not', () => {
    const all = rows.map((kind) => hasFastBarriers({ tiles: large!, rows: kind }));
    expect(all).toEqual([true, true]);
    expect(hasFastBarriers(SOFTWARE_TIER)).toBe(false);
  });
});

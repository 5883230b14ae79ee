// Calibrations in a real browser: trials that notice wrong results, and what is kept from one visit to the next.
import { deleteDB, openDB } from 'idb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { concluded } from '../../src/engine/gpu/plan/calibrate.ts';
import { candidates } from '../../src/engine/gpu/plan/tier.ts';
import { createTrials } from '../../src/engine/gpu/plan/trial.ts';
import { recallCalibration } from '../../src/worker/calibration-store.ts';
import { gpuErrors, openDevice } from './plan/compare.ts';

afterAll(() => expect(gpuErrors).toEqual([]));

describe('a trial', () => {
  it.each(candidates(4).rows)('of rows is right once it has run ($kind)', async (rows) => {
    const trials = createTrials(await openDevice());
    const { run, isRight } = await trials.rows(rows);
    expect(await isRight()).toBe(false);
    await run(1);
    expect(await isRight()).toBe(true);
    trials.dispose();
  });

  it('of tiles is right once it has run', async () => {
    const trials = createTrials(await openDevice());
    const { run, isRight } = await trials.tiles({ kind: 'register' });
    expect(await isRight()).toBe(false);
    await run(1);
    expect(await isRight()).toBe(true);
    trials.dispose();
  });
});

describe('a calibration kept', () => {
  const [tiles] = candidates(8).tiles;
  const [rows] = candidates(8).rows;
  const made = concluded([{ option: rows!, milliseconds: 0.25 }], [{ option: tiles!, milliseconds: 1.5 }]);
  let times = 0;
  const make = async () => {
    times++;
    return made;
  };

  beforeEach(async () => {
    await deleteDB('winnow-calibrations');
    times = 0;
  });

  it('is made once for an adapter and given back as it was', async () => {
    expect(await recallCalibration('adapter', make)).toEqual(made);
    expect(await recallCalibration('adapter', make)).toEqual(made);
    expect(times).toBe(1);
    await recallCalibration('another adapter', make);
    expect(times).toBe(2);
  });

  it('is not kept where no candidate was right', async () => {
    const failed = concluded([{ option: rows!, milliseconds: null }], [{ option: tiles!, milliseconds: null }]);
    await recallCalibration('adapter', async () => failed);
    expect(await recallCalibration('adapter', make)).toEqual(made);
  });

  it('is made again where what was kept is not one', async () => {
    await recallCalibration('adapter', make);
    const database = await openDB('winnow-calibrations');
    const [key] = await database.getAllKeys('calibrations');
    await database.put('calibrations', { ...made, tier: { tiles: { kind: 'unheard of' } } }, key);
    database.close();
    expect(await recallCalibration('adapter', make)).toEqual(made);
    expect(times).toBe(2);
  });
});

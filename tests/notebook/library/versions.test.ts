import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptVersions, MOST_VERSIONS } from '../../../src/notebook/library/versions.ts';

const minute = 60_000;
const now = 1_800_000_000_000; // a whole minute, ten minutes and hour
const ago = (minutes: number) => now - minutes * minute;

describe('versions', () => {
  it('are kept one a minute at first, then one in ten minutes, in an hour, in a day', () => {
    const keeps = (...minutes: number[]) =>
      keptVersions({ times: [now, ...minutes.map(ago)], pinned: [] }, now).map((at) => (now - at) / minute);
    expect(keeps(1.2, 1.4, 2.2)).toEqual([0, 1.2, 2.2]);
    expect(keeps(11, 14, 19, 21)).toEqual([0, 11, 21]);
    expect(keeps(121, 150, 185)).toEqual([0, 121, 185]);
    expect(keeps(3 * 1440, 3.2 * 1440)).toEqual([0, 3 * 1440]);
  });

  it('that are pinned stay, and replace no other', () => {
    const kept = keptVersions({ times: [now, ago(1.2), ago(1.4), ago(1.6)], pinned: [ago(1.2), ago(1.6)] }, now);
    expect(kept).toEqual([now, ago(1.2), ago(1.4), ago(1.6)]);
  });

  it('never lack the newest, and never become too many', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: now }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(times, fc.boolean(), (all, areAllPinned) => {
        const kept = keptVersions({ times: all, pinned: areAllPinned ? all : [] }, now);
        expect(kept[0]).toBe(Math.max(...all));
        expect(kept.length).toBeLessThanOrEqual(MOST_VERSIONS);
        // What is thinned out stays out: thinning again changes nothing.
        expect(keptVersions({ times: kept, pinned: areAllPinned ? all : [] }, now)).toEqual(kept);
      }),
    );
  });
});

// One tier of each kind of tiles and of each way to reduce rows.
import { QUAD_TIER, SOFTWARE_TIER, type Tier } from '../../../src/engine/gpu/plan/tier.ts';

export const TIERS = {
  register: SOFTWARE_TIER,
  quad: QUAD_TIER,
  shared: {
    tiles: { kind: 'shared', rows: 64, columns: 64, part: { rows: 8, columns: 8 } },
    rows: { kind: 'workgroup' },
  },
  subgroup: { tiles: { kind: 'subgroup' }, rows: { kind: 'subgroup', fewestLanes: 4 } },
} as const satisfies Record<string, Tier>;

export type TierName = keyof typeof TIERS;

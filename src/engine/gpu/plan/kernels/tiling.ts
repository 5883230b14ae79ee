// Which tiles a result gets.
import type { Tier } from '../tier.ts';
import type { Result, Tiling } from './product.ts';
import { fitsQuads, quadTiling } from './quad-tiles.ts';
import { registerTiling } from './register-tiles.ts';
import { sharedTiling } from './shared-tiles.ts';
import { subgroupTiling } from './subgroup-tiles.ts';

export function tilingOf(result: Result, { tiles }: Tier): Tiling {
  switch (tiles.kind) {
    case 'register':
      return registerTiling(result);
    case 'quad':
      return fitsQuads(result) ? quadTiling(result) : registerTiling(result);
    case 'shared':
      return sharedTiling(result, tiles);
    case 'subgroup':
      return subgroupTiling(result);
    default:
      return tiles satisfies never;
  }
}

// Which tiles an adapter gets.
import type { Extent, Tiling } from './product.ts';
import { registerTiling } from './register-tiles.ts';
import { sharedTiling } from './shared-tiles.ts';

export function tilingOf(extent: Extent, hasFastBarriers: boolean): Tiling {
  return hasFastBarriers ? sharedTiling(extent) : registerTiling(extent);
}

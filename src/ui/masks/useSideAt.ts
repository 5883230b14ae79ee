import { useMemo } from 'react';
import { keptCount } from '../../engine/pruning/agreement.ts';
import { MaskPlayer } from '../../engine/pruning/mask-history.ts';
import { weightCount } from './matrix.ts';
import type { MaskSide } from './side.ts';

/** A side with its mask as of `step`; as it ended where `step` is null or nothing was recorded. */
export function useSideAt<S extends MaskSide | null>(side: S, step: number | null): S {
  const final = side?.data ?? null;
  const history = final?.history ?? null;
  const player = useMemo(() => history && new MaskPlayer(history), [history]);
  const data = useMemo(() => {
    if (!final || !player || step === null) return final;
    const mask = player.seek(step).slice();
    return { ...final, mask, kept: keptCount(mask, weightCount(final.info)) };
  }, [final, player, step]);
  return side && data && data !== final ? { ...side, data } : side;
}

// How kernels are cut to an adapter. Software adapters run a workgroup's threads in turn, so that each barrier costs
// them thousands of switches: they get register tiles and a thread per row. GPUs get what a calibration finds fastest
// (`calibrate.ts`). A tier is plain data, so that it can be stored and shown.

export interface Tier {
  readonly tiles: Tiles;
  readonly rows: Rows;
}

/** How products are cut, where a result has tiles enough to fill a GPU; each kind has smaller ones for the others. */
export type Tiles =
  | { readonly kind: 'register' }
  /** Register tiles, four lanes reading together. */
  | { readonly kind: 'quad' }
  | {
      readonly kind: 'shared';
      readonly rows: number;
      readonly columns: number;
      /** The part of one thread; both extents are multiples of four. */
      readonly part: { readonly rows: number; readonly columns: number };
    }
  | { readonly kind: 'subgroup' };

/** Who reduces a row (softmax, LayerNorm). */
export type Rows =
  | { readonly kind: 'thread' }
  | { readonly kind: 'workgroup' }
  /** Lanes of the adapter's subgroups are a power of two; how many a kernel gets is known only when it runs. */
  | { readonly kind: 'subgroup'; readonly fewestLanes: number };

export const SOFTWARE_TIER: Tier = { tiles: { kind: 'register' }, rows: { kind: 'thread' } };

/** For software adapters whose subgroups have four lanes, no fewer and no more. */
export const QUAD_TIER: Tier = { tiles: { kind: 'quad' }, rows: { kind: 'thread' } };

/** Whether a workgroup's threads can wait for each other without much ado. */
export const hasFastBarriers = ({ rows }: Tier): boolean => rows.kind !== 'thread';

const sharedTiles = (rows: number, columns: number, part: number): Tiles => ({
  kind: 'shared',
  rows,
  columns,
  part: { rows: part, columns: part },
});

/** What a GPU may choose from, likeliest first. `fewestLanes` is null where kernels cannot use subgroups. */
export function candidates(fewestLanes: number | null): {
  readonly tiles: readonly Tiles[];
  readonly rows: readonly Rows[];
} {
  const hasSubgroups = fewestLanes !== null;
  return {
    tiles: [
      sharedTiles(64, 64, 8),
      ...(hasSubgroups ? [{ kind: 'subgroup' } as const] : []),
      sharedTiles(64, 64, 4),
      sharedTiles(128, 64, 8),
      { kind: 'register' },
    ],
    rows: [...(hasSubgroups ? [{ kind: 'subgroup', fewestLanes } as const] : []), { kind: 'workgroup' }],
  };
}

/** "shared tiles 64×64 of 8×8". */
export function nameOf(tiles: Tiles): string {
  if (tiles.kind !== 'shared') return `${tiles.kind} tiles`;
  const { rows, columns, part } = tiles;
  return `shared tiles ${rows}×${columns} of ${part.rows}×${part.columns}`;
}

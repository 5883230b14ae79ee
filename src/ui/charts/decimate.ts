// Fewer points, same picture: every bucket of neighbouring points keeps its lowest and its highest, in order,
// so no spike disappears. Non-finite values come out as null, which a line chart draws as a gap.

export interface ChartPoint {
  readonly step: number;
  readonly value: number;
}

export interface DrawnPoint {
  readonly step: number;
  readonly value: number | null;
}

/** At most `limit` points of `points`, which are in order of step; the first and the last are always kept. */
export function decimate(points: readonly ChartPoint[], limit: number): DrawnPoint[] {
  if (points.length <= limit) return points.map(drawn);
  const hasGaps = points.some(({ value }) => !Number.isFinite(value));
  const inner = points.length - 2;
  const buckets = Math.max(1, Math.floor((limit - 2) / (hasGaps ? 3 : 2)));
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    kept.push(...extremes(points, from, to));
  }
  kept.push(points.length - 1);
  return kept.map((index) => drawn(points[index]!));
}

/** Indices, ascending, of the lowest, the highest and the first non-finite value in [from, to). */
function extremes(points: readonly ChartPoint[], from: number, to: number): number[] {
  let lowest = -1;
  let highest = -1;
  let gap = -1;
  for (let index = from; index < to; index++) {
    const { value } = points[index]!;
    if (!Number.isFinite(value)) {
      if (gap < 0) gap = index;
      continue;
    }
    if (lowest < 0 || value < points[lowest]!.value) lowest = index;
    if (highest < 0 || value > points[highest]!.value) highest = index;
  }
  return [...new Set([lowest, highest, gap])].filter((index) => index >= 0).sort((a, b) => a - b);
}

function drawn({ step, value }: ChartPoint): DrawnPoint {
  return { step, value: Number.isFinite(value) ? value : null };
}

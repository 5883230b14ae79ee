// The Pareto front: what no other beats in quality without keeping more weights.

export interface Tradeoff {
  /** Share of weights kept, or any other cost: less is better. */
  readonly cost: number;
  /** More is better. */
  readonly quality: number;
}

/** The points of the front by rising cost, and so by rising quality. Of equals the first stays. */
export function paretoFront<T extends Tradeoff>(points: readonly T[]): readonly T[] {
  const byCost = points.toSorted((a, b) => a.cost - b.cost || b.quality - a.quality);
  const front: T[] = [];
  for (const point of byCost) {
    const best = front.at(-1);
    if (!best || point.quality > best.quality) front.push(point);
  }
  return front;
}

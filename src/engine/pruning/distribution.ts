// How the values of weights are spread, counted over any number of matrices whose range is not known beforehand.
import { maskBit } from './agreement.ts';

/** Counts in equal bins from −limit to below limit; `limit` is a power of two, so that any two histograms nest. */
export interface Histogram {
  readonly limit: number;
  readonly counts: Uint32Array;
}

export const HISTOGRAM_BINS = 4096;
const LEAST_LIMIT = 2 ** -10;

export class HistogramBuilder {
  private limit = LEAST_LIMIT;
  private counts = new Uint32Array(HISTOGRAM_BINS);

  /** A value that is not finite has no bin, and is left out. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    while (Math.abs(value) >= this.limit) this.widen();
    // Scaled by a power of two, and so exactly.
    const bin = Math.floor(value * (HISTOGRAM_BINS / (2 * this.limit))) + HISTOGRAM_BINS / 2;
    this.counts[bin] = (this.counts[bin] as number) + 1;
  }

  histogram(): Histogram {
    return { limit: this.limit, counts: this.counts };
  }

  private widen(): void {
    ({ limit: this.limit, counts: this.counts } = widened(this.histogram()));
  }
}

/** The same counts over twice the range: two bins become one, in the middle half. */
function widened({ limit, counts }: Histogram): { limit: number; counts: Uint32Array<ArrayBuffer> } {
  const wider = new Uint32Array(HISTOGRAM_BINS);
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    const place = HISTOGRAM_BINS / 4 + (bin >> 1);
    wider[place] = (wider[place] as number) + (counts[bin] as number);
  }
  return { limit: 2 * limit, counts: wider };
}

/** Over a range at least as wide as `limit`, a power of two. */
export function widenedTo(histogram: Histogram, limit: number): Histogram {
  let result = histogram;
  while (result.limit < limit) result = widened(result);
  return result;
}

/** What became of the weights of some matrices. */
export interface WeightDistribution {
  readonly total: number;
  readonly kept: number;
  /** Of kept weights: as pretrained, as fine-tuned, and how far each moved away from zero, below 0 towards it. */
  readonly pretrained: Histogram;
  readonly finetuned: Histogram;
  readonly moved: Histogram;
  /** Kept weights that moved away from zero. */
  readonly movedAway: number;
  /** Mean |fine-tuned − pretrained|; NaN of no weights. */
  readonly meanMove: { readonly kept: number; readonly pruned: number };
}

export interface WeightsAndMask {
  readonly pretrained: Float32Array;
  readonly finetuned: Float32Array;
  /** Packed bits: 1 keeps. */
  readonly mask: Uint8Array;
}

export class DistributionBuilder {
  private readonly pretrained = new HistogramBuilder();
  private readonly finetuned = new HistogramBuilder();
  private readonly moved = new HistogramBuilder();
  private readonly count = { kept: 0, pruned: 0 };
  private readonly move = { kept: 0, pruned: 0 };
  private movedAway = 0;

  add({ pretrained, finetuned, mask }: WeightsAndMask): void {
    for (let i = 0; i < finetuned.length; i++) {
      const [before, after] = [pretrained[i] as number, finetuned[i] as number];
      const side = maskBit(mask, i) === 1 ? 'kept' : 'pruned';
      this.count[side]++;
      this.move[side] += Math.abs(after - before);
      if (side === 'pruned') continue;
      this.pretrained.add(before);
      this.finetuned.add(after);
      // In the direction in which the weight lay; from zero itself, every move leads away.
      this.moved.add(before < 0 ? before - after : before > 0 ? after - before : Math.abs(after));
      if (Math.abs(after) > Math.abs(before)) this.movedAway++;
    }
  }

  distribution(): WeightDistribution {
    const { count, move, movedAway } = this;
    return {
      total: count.kept + count.pruned,
      kept: count.kept,
      pretrained: this.pretrained.histogram(),
      finetuned: this.finetuned.histogram(),
      moved: this.moved.histogram(),
      movedAway,
      meanMove: { kept: move.kept / count.kept, pruned: move.pruned / count.pruned },
    };
  }
}

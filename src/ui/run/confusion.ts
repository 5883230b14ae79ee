// A confusion matrix as it is shown: counts with their share of the true class, recall beside, precision below.
import type { ClassReport } from '../../runs/events.ts';

export interface ConfusionRow {
  readonly label: string;
  readonly cells: readonly { readonly count: number /** Of the true class, 0 to 1. */; readonly share: number }[];
  /** Null for a class without examples. */
  readonly recall: number | null;
}

export interface ConfusionTable {
  readonly rows: readonly ConfusionRow[];
  /** Per predicted class; null for one that is never predicted. */
  readonly precision: readonly (number | null)[];
  readonly wrong: number;
  readonly total: number;
}

export function tabulate({ labels, confusion }: Pick<ClassReport, 'labels' | 'confusion'>): ConfusionTable {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const rows = labels.map((label, truth): ConfusionRow => {
    const counts = confusion[truth] ?? [];
    const total = sum(counts);
    return {
      label,
      cells: counts.map((count) => ({ count, share: total === 0 ? 0 : count / total })),
      recall: ratio(counts[truth] ?? 0, total),
    };
  });
  const right = labels.map((_, index) => confusion[index]?.[index] ?? 0);
  const predicted = labels.map((_, index) => sum(confusion.map((counts) => counts[index] ?? 0)));
  const total = sum(predicted);
  return { rows, precision: right.map((count, i) => ratio(count, predicted[i]!)), wrong: total - sum(right), total };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

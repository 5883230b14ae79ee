import type { ReportBytes } from '../runs/protocol.ts';
import { REPORT_EVERY_MS } from './phases.ts';

export interface DownloadReport {
  readonly type: 'downloading';
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
  /** Of this turn: what was there before does not count. Null before its first byte. */
  readonly bytesPerSecond: number | null;
}

/** Chunks arrive by the hundred: the page hears of some. */
export function reportDownloads(post: (report: DownloadReport) => void): ReportBytes {
  const startedAt = performance.now();
  let sentAt = Number.NEGATIVE_INFINITY;
  let first: number | null = null;
  return (done, total) => {
    const now = performance.now();
    first ??= done;
    if (now - sentAt < REPORT_EVERY_MS && done < total) return;
    sentAt = now;
    const bytesPerSecond = done > first ? (1000 * (done - first)) / (now - startedAt) : null;
    post({ type: 'downloading', done, total, bytesPerSecond });
  };
}

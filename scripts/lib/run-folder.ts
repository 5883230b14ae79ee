// What one run of an experiment leaves on disk.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { MetricRow } from '../../src/runs/events.ts';

export type RunFolder = ReturnType<typeof runFolder>;

export function runFolder(out: string, runName: string) {
  const folder = join(out, runName.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'run');
  const metrics = join(folder, 'metrics.jsonl');
  const log = join(folder, 'log.txt');
  const summary = join(folder, 'summary.json');
  const model = join(folder, 'model');
  return {
    /** Removes what an earlier run of this name left, and nothing else. */
    clear() {
      for (const path of [metrics, log, summary, model]) rmSync(path, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
    },
    /** At once, so that a run cut short leaves its curves. */
    appendMetrics(rows: readonly MetricRow[]) {
      appendFileSync(metrics, rows.map(({ step, values }) => `${JSON.stringify({ step, ...values })}\n`).join(''));
    },
    writeLog(text: string) {
      writeFileSync(log, text);
    },
    writeModel(zip: string) {
      for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
        const target = join(model, path.slice(path.indexOf('/') + 1)); // without the zip's own top folder
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, bytes);
      }
    },
    writeSummary(value: unknown) {
      writeFileSync(summary, `${JSON.stringify(value, null, 2)}\n`);
    },
  };
}

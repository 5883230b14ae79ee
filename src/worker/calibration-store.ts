// Calibrations of GPUs in IndexedDB, by adapter, kernels and browser: a visit to the page measures what no earlier one has.
import type { DBSchema } from 'idb';
import { z } from 'zod';
import type { Calibration } from '../engine/gpu/plan/calibrate.ts';
import { databaseOf } from '../runs/database.ts';

const tiles = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('register') }),
  z.object({
    kind: z.literal('shared'),
    rows: z.number(),
    columns: z.number(),
    part: z.object({ rows: z.number(), columns: z.number() }),
  }),
  z.object({ kind: z.literal('subgroup') }),
]);

const rows = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('thread') }),
  z.object({ kind: z.literal('workgroup') }),
  z.object({ kind: z.literal('subgroup'), fewestLanes: z.number() }),
]);

const calibrationSchema: z.ZodType<Calibration> = z.object({
  tier: z.object({ tiles, rows }),
  milliseconds: z.array(z.object({ name: z.string(), value: z.number().nullable() })),
  teraflops: z.number(),
});

interface CalibrationDatabase extends DBSchema {
  calibrations: { key: string; value: unknown };
}

const open = databaseOf<CalibrationDatabase>({
  name: 'winnow-calibrations',
  version: 1,
  what: 'Calibrations',
  upgrade: (created) => void created.createObjectStore('calibrations'),
});

/**
 * The calibration kept under this key and browser, or a new one. A browser that keeps nothing, or where a newer page's
 * are kept, measures at every visit; a calibration that found nothing right is not kept either, as the device may have been lost on the way.
 */
export async function recallCalibration(adapter: string, make: () => Promise<Calibration>): Promise<Calibration> {
  const key = `${adapter}/${navigator.userAgent}`;
  const kept = await open()
    .then((database) => database.get('calibrations', key))
    .catch(() => null);
  const parsed = calibrationSchema.safeParse(kept);
  if (parsed.success) return parsed.data;
  const made = await make();
  if (made.teraflops > 0) {
    await open()
      .then((database) => database.put('calibrations', made, key))
      .catch(() => null);
  }
  return made;
}

// Calibrations of GPUs in IndexedDB, by adapter, kernels and browser: a visit to the page measures what no earlier one has.
import { type DBSchema, openDB } from 'idb';
import { z } from 'zod';
import type { Calibration } from '../engine/gpu/plan/calibrate.ts';

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

const open = () =>
  openDB<CalibrationDatabase>('winnow-calibrations', 1, {
    upgrade: (database) => void database.createObjectStore('calibrations'),
  });

/**
 * The calibration kept under this key and browser, or a new one. A browser that keeps nothing measures every time; one
 * in which nothing was right is not kept either, as the device may have been lost on the way.
 */
export async function recallCalibration(adapter: string, make: () => Promise<Calibration>): Promise<Calibration> {
  const database = await open().catch(() => null);
  const key = `${adapter}/${navigator.userAgent}`;
  const kept = calibrationSchema.safeParse(await database?.get('calibrations', key));
  const calibration = kept.success ? kept.data : await make();
  if (!kept.success && calibration.teraflops > 0) await database?.put('calibrations', calibration, key);
  database?.close();
  return calibration;
}

// What the page's main thread does, by the tracer's thread clock (CPU time: on a busy machine the wall clock would
// measure the neighbours).
import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { test } from './test.ts';

/** The tracer's own start is work of the main thread, too; tasks of this first while are not the page's. */
const TRACER_START_MS = 1000;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Start in µs. */
  readonly ts: number;
  /** CPU time in µs. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** CPU time in ms of each task while `act` lasts. */
export async function mainThreadTasks(browser: Browser, page: Page, act: () => Promise<void>): Promise<number[]> {
  const path = test.info().outputPath('trace.json');
  await browser.startTracing(page, { path, categories: ['toplevel', 'disabled-by-default-toplevel'] });
  await page.waitForTimeout(TRACER_START_MS);
  await act();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const key = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const isMain = new Set(mains.map(key));
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.tdur !== undefined && isMain.has(key(event)));
  const from = Math.min(...tasks.map(({ ts }) => ts)) + 1000 * TRACER_START_MS;
  return tasks.filter(({ ts }) => ts >= from).map((event) => (event.tdur ?? 0) / 1000);
}

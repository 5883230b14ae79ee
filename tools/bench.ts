// Page of `npm run bench`: what the suites measure in a browser, one thing per page.
import { watchGpu } from './bench/gpu-traffic.ts';
import { memoryPage } from './bench/memory-page.ts';
import { racePage } from './bench/race-page.ts';
import { selectPage } from './bench/select-page.ts';

const watch = watchGpu();
const page = { ...racePage(watch), ...selectPage(watch), ...memoryPage(watch) };

export type BenchPage = typeof page;

Object.assign(globalThis, page);

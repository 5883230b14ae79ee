// Page of `npm run bench`: what the suites measure in a browser, one thing per page.
import { watchGpu } from './bench/gpu-traffic.ts';
import { racePage } from './bench/race-page.ts';
import { selectPage } from './bench/select-page.ts';

const watch = watchGpu();
const page = { ...racePage(watch), ...selectPage(watch) };

export type BenchPage = typeof page;

Object.assign(globalThis, page);

import { openPage } from './page.tsx';

const spawnWorker = () =>
  new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module', name: 'engine' });

void openPage(document.getElementById('root')!, spawnWorker);

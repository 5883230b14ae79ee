import { openPage } from './page.tsx';

void openPage(document.getElementById('root')!, {
  engine: () => new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
  translator: () =>
    new Worker(new URL('./worker/translator.ts', import.meta.url), { type: 'module', name: 'translator' }),
  hub: () => new Worker(new URL('./worker/hub.ts', import.meta.url), { type: 'module', name: 'hub' }),
});

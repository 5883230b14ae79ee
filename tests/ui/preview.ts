// The page with a fake worker, to look at while the dev server runs: /tests/ui/preview.html?ms=20&read=80&gpu&oom
import { openPage } from '../../src/page.tsx';
import { createPacedTranslator } from './fake-translator.ts';
import { createFakeWorker } from './fake-worker.ts';

const parameters = new URLSearchParams(location.search);
const number = (name: string, fallback: number) => Number(parameters.get(name) ?? fallback);
const options = {
  msPerStep: number('ms', 20),
  msPerRead: number('read', 80),
  gpu: parameters.has('gpu'),
  outOfMemory: parameters.has('oom'),
};

void openPage(document.getElementById('root')!, {
  engine: () => createFakeWorker(options),
  translator: () => createPacedTranslator(number('text', 800)),
  hub: () => new Worker(new URL('../../src/worker/hub.ts', import.meta.url), { type: 'module', name: 'hub' }),
});

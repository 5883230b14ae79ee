// The page with a fake worker, to look at while the dev server runs: /tests/ui/preview.html?ms=20&gpu
import { openPage } from '../../src/page.tsx';
import { createFakeWorker } from './fake-worker.ts';

const parameters = new URLSearchParams(location.search);
const options = { msPerStep: Number(parameters.get('ms') ?? 20), gpu: parameters.has('gpu') };

void openPage(document.getElementById('root')!, () => createFakeWorker(options));

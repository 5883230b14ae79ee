// Notebooks as files: what is opened comes beside the others, and replaces none. What reads and writes the formats comes
// when it is first asked for.
import { version } from '../../../package.json';
import type { MimeBundle } from '../../notebook/exchange/ipynb.ts';
import { saveBlob } from '../files/save-blob.ts';
import type { Services } from '../services.ts';
import { openNew } from './navigation.ts';

const MOST_BYTES = 100 * 2 ** 20;

/** Asks for the file by the browser's own dialog. */
export function openNotebookFile(services: Services): void {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = '.ipynb,.json';
  picker.addEventListener('change', () => void openFile(services, picker.files?.[0]));
  picker.click();
}

function openFile(services: Services, file: File | undefined): Promise<void> {
  return attempt(services, async () => {
    if (!file) return;
    if (file.size > MOST_BYTES) {
      throw new Error(`${file.name}: expected at most 100 MiB. Clear its outputs in Jupyter and save it again.`);
    }
    const { readNotebookFile } = await import('../../notebook/exchange/notebook-file.ts');
    const { document, leftOut } = readNotebookFile(await file.text(), file.name);
    await openNew(services, document);
    if (leftOut.length > 0) services.notices.tell(`${file.name} is open. Left out: ${leftOut.join(', ')}.`);
  });
}

/** As a Jupyter file, with what its cells show of their runs. */
export function saveNotebook(services: Services): Promise<void> {
  return attempt(services, async () => {
    const { present } = services.notebook.getState().history;
    const { toIpynb } = await import('../../notebook/exchange/ipynb.ts');
    const { resultsOf } = await import('../exchange/results.ts');
    const { outputsOf } = await import('../exchange/outputs.tsx');
    const outputs = new Map<string, readonly MimeBundle[]>();
    for (const cell of present.cells) {
      outputs.set(cell.id, await outputsOf(resultsOf(present, cell, services.runs)));
    }
    const text = toIpynb(present, ({ id }) => outputs.get(id) ?? []);
    saveBlob(new Blob([text], { type: 'application/x-ipynb+json' }), `${fileNameOf(present.title)}.ipynb`);
  });
}

/** As a page that can be read and printed anywhere. */
export function saveReport(services: Services): Promise<void> {
  return attempt(services, async () => {
    const { present } = services.notebook.getState().history;
    const { reportOf } = await import('../exchange/Report.tsx');
    const written = `Written by Winnow ${version} on ${new Date().toISOString().slice(0, 10)}, in ${navigator.userAgent}.`;
    const html = reportOf(present, services.runs, written);
    saveBlob(new Blob([html], { type: 'text/html' }), `${fileNameOf(present.title)}.html`);
  });
}

async function attempt({ notices }: Services, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (problem) {
    notices.add(problem);
  }
}

/** The title without what file systems do not take. */
const fileNameOf = (title: string): string => title.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim() || 'Untitled';

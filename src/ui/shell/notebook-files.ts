// Notebooks as files: what is opened comes beside the others, and replaces none.
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

async function openFile(services: Services, file: File | undefined): Promise<void> {
  if (!file) return;
  const { notices } = services;
  try {
    if (file.size > MOST_BYTES)
      throw new Error(`${file.name}: expected at most 100 MiB. Clear its outputs and save it again.`);
    const { readNotebookFile } = await import('../../notebook/exchange/notebook-file.ts');
    const { document, leftOut } = readNotebookFile(await file.text(), file.name);
    await openNew(services, document);
    if (leftOut.length > 0) notices.tell(`${file.name} is open. Left out: ${leftOut.join(', ')}.`);
  } catch (problem) {
    notices.add(problem);
  }
}

export async function saveNotebook({ notebook, notices }: Services): Promise<void> {
  const { present } = notebook.getState().history;
  try {
    const { toIpynb } = await import('../../notebook/exchange/ipynb.ts');
    saveBlob(new Blob([toIpynb(present)], { type: 'application/x-ipynb+json' }), `${fileNameOf(present.title)}.ipynb`);
  } catch (problem) {
    notices.add(problem);
  }
}

/** The title without what file systems do not take. */
const fileNameOf = (title: string): string => title.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim() || 'Untitled';

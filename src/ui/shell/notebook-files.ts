// Opening, saving and starting over; each replaces the notebook by a change that can be undone.
import type { NotebookDocument } from '../../notebook/document.ts';
import { exportNotebook, parseNotebook } from '../../notebook/file.ts';
import type { Template } from '../../notebook/templates/templates.ts';
import { saveBlob } from '../files/save-blob.ts';
import type { Services } from '../services.ts';

export const replaceNotebook = ({ notebook }: Services, document: NotebookDocument): void =>
  notebook.apply(() => document);

export async function openTemplate(services: Services, template: Template): Promise<void> {
  try {
    replaceNotebook(services, await template.open('full'));
  } catch (problem) {
    services.notices.add(problem);
  }
}

/** Asks for the file by the browser's own dialog. */
export function openNotebookFile(services: Services): void {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = '.json';
  picker.addEventListener('change', () => void readNotebook(services, picker.files?.[0]));
  picker.click();
}

async function readNotebook(services: Services, file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    replaceNotebook(services, parseNotebook(await file.text()));
  } catch (problem) {
    services.notices.add(problem);
  }
}

export function saveNotebook({ notebook }: Services): void {
  const document = notebook.getState().history.present;
  saveBlob(new Blob([exportNotebook(document)], { type: 'application/json' }), `${document.title}.winnow.json`);
}

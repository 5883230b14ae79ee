// A notebook as a file of its own.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import { documentSchema, type NotebookDocument } from './document.ts';

export const exportNotebook = (document: NotebookDocument): string => `${JSON.stringify(document, null, 2)}\n`;

export function parseNotebook(text: string): NotebookDocument {
  const result = documentSchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  throw new WinnowError('bad-data', `Notebook file: ${z.prettifyError(result.error)}\nOpen one that Winnow saved.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WinnowError('bad-data', 'Notebook file: expected JSON, got something else. Open one that Winnow saved.', {
      cause,
    });
  }
}

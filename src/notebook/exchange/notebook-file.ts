// What a person may open as a notebook: a Jupyter file, ours or another's, or the plain JSON that Winnow once saved.
import { z } from 'zod';
import { WinnowError } from '../../engine/error.ts';
import { parseForeignJson } from '../../engine/json.ts';
import { documentSchema, type NotebookDocument } from '../document.ts';
import { fromIpynb } from './ipynb.ts';

export interface ImportedNotebook {
  readonly document: NotebookDocument;
  /** What the file has and the document has not, in words: `3 code cells`. */
  readonly leftOut: readonly string[];
}

/** `name` is the file's, which may have to serve as a title. Throws, with the place, where the file is not as expected. */
export function readNotebookFile(text: string, name: string): ImportedNotebook {
  const content = parseJson(text);
  if (typeof content === 'object' && content !== null && 'nbformat' in content) return fromIpynb(content, name);
  const result = documentSchema.safeParse(content);
  if (result.success) return { document: result.data, leftOut: [] };
  throw new WinnowError(
    'bad-data',
    `Notebook file: expected a .ipynb of Jupyter or Winnow. ${z.prettifyError(result.error)}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (cause) {
    const message = 'Notebook file: expected JSON, got something else. Open a .ipynb file.';
    throw new WinnowError('bad-data', message, { cause });
  }
}

import { cellsOf, type NotebookDocument } from '../../notebook/document.ts';

/** The notebook's models or data sets, to be chosen: "1: spam-assassin". */
export function inputOptions(document: NotebookDocument, kind: 'model' | 'data') {
  return cellsOf(document, kind).map(({ id, choice }, index) => {
    const name = choice.kind !== 'files' ? choice.id : `files ${choice.key.slice(0, 6)}`;
    return { id, label: `${index + 1}: ${name}` };
  });
}

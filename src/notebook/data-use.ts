// How the runs of a notebook read a data set: in which model's tokens, and cut at which length.
import type { ModelChoice } from '../runs/spec.ts';
import { cellsOf, findCell, type NotebookDocument } from './document.ts';
import { tryResolveRuns } from './resolve.ts';

export interface ReadingLength {
  readonly maxSeqLength: number;
  readonly docStride: number;
  /** Of the run cells that read so. */
  readonly names: readonly string[];
}

const runsOn = (document: NotebookDocument, dataCell: string) =>
  cellsOf(document, 'run').filter((run) => run.dataCell === dataCell);

/** Of the first run on this data, else the notebook's last model; null without any. */
export function modelFor(document: NotebookDocument, dataCell: string): ModelChoice | null {
  const [run] = runsOn(document, dataCell);
  const chosen = run ? findCell(document, 'model', run.modelCell) : null;
  return (chosen ?? cellsOf(document, 'model').at(-1))?.choice ?? null;
}

/** The shortest first, each once; none where no run uses this data. */
export function readingLengths(document: NotebookDocument, dataCell: string): readonly ReadingLength[] {
  const byKey = new Map<string, { maxSeqLength: number; docStride: number; names: Set<string> }>();
  for (const run of runsOn(document, dataCell)) {
    const specs = tryResolveRuns(document, run.id).map(({ spec }) => spec);
    for (const { training } of specs.length > 0 ? specs : [run]) {
      const { max_seq_length: maxSeqLength, doc_stride: docStride } = training;
      const key = `${maxSeqLength} ${docStride}`;
      const known = byKey.get(key) ?? { maxSeqLength, docStride, names: new Set() };
      known.names.add(run.name);
      byKey.set(key, known);
    }
  }
  return [...byKey.values()]
    .map(({ names, ...length }) => ({ ...length, names: [...names] }))
    .sort((a, b) => a.maxSeqLength - b.maxSeqLength || a.docStride - b.docStride);
}

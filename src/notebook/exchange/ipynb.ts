// Notebooks as Jupyter has them: nbformat 4.5 (nbformat.readthedocs.io/en/latest/format_description.html). A text is a
// Markdown cell; any other cell is a code cell that shows its settings as JSON. What Jupyter has no field for is in the
// metadata, under the one key `winnow`, so that what is read back is equal.
import { z } from 'zod';
import { WinnowError } from '../../engine/error.ts';
import { type Cell, cellSchema, documentSchema, type NotebookDocument } from '../document.ts';
import type { ImportedNotebook } from './notebook-file.ts';

/** One result in several forms, by media type; a reader shows the richest that it can. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The text of an .ipynb file; `outputsOf` says what stands under a cell. */
export function toIpynb(
  document: NotebookDocument,
  outputsOf: (cell: Cell) => readonly MimeBundle[] = () => [],
): string {
  const { cells, ...settings } = document;
  const ids = jupyterIds(cells);
  const notebook = {
    cells: cells.map((cell, index) => exportCell(cell, ids[index]!, outputsOf(cell))),
    metadata: {
      language_info: { name: 'json', file_extension: '.json', mimetype: 'application/json' },
      title: document.title,
      winnow: settings,
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Our ids where Jupyter takes them: 1 to 64 letters, digits, hyphens and underscores, each once. */
function jupyterIds(cells: readonly Cell[]): readonly string[] {
  const ids: string[] = [];
  for (const { id } of cells) {
    let own = /^[\w-]{1,64}$/.test(id) ? id : `cell-${ids.length + 1}`;
    while (ids.includes(own)) own = `${own.slice(0, 60)}-${ids.length}`;
    ids.push(own);
  }
  return ids;
}

function exportCell(cell: Cell, id: string, outputs: readonly MimeBundle[]) {
  const { id: ownId, ...settings } = cell;
  const idKept = ownId === id ? {} : { id: ownId };
  if (settings.kind === 'text') {
    const { source, ...rest } = settings;
    return { cell_type: 'markdown', id, metadata: { winnow: { ...rest, ...idKept } }, source: linesOf(source) };
  }
  return {
    cell_type: 'code',
    id,
    metadata: { winnow: { ...settings, ...idKept } },
    source: linesOf(JSON.stringify(settings, null, 2)),
    execution_count: null,
    outputs: outputs.map((data) => ({ output_type: 'display_data', data, metadata: {} })),
  };
}

/** Each with the line break that ends it, as Jupyter writes long texts. */
const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.split(/(?<=\n)/));

const sourceSchema = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);

const ipynbCellSchema = z.object({
  cell_type: z.string(),
  id: z.string().optional(),
  source: sourceSchema,
  metadata: z.looseObject({ winnow: z.unknown().optional() }).default({}),
  outputs: z.array(z.unknown()).default([]),
  attachments: z.record(z.string(), z.unknown()).default({}),
});

type IpynbCell = z.infer<typeof ipynbCellSchema>;

const ipynbSchema = z.object({
  nbformat: z.literal(4, { error: 'expected version 4. Open and save it in a current Jupyter first.' }),
  metadata: z.looseObject({ winnow: z.looseObject({}).optional(), title: z.string().optional() }).default({}),
  cells: z.array(ipynbCellSchema),
});

/**
 * Texts become texts, and cells that Winnow wrote what they were. Everything else, the results above all, is left out:
 * nothing of a file is ever shown as HTML or SVG, or run.
 */
export function fromIpynb(content: unknown, fileName: string): ImportedNotebook {
  const notebook = parsed(ipynbSchema, content, 'Notebook file');
  const ids = new Set<string>();
  const cells = notebook.cells.flatMap((cell, index) => {
    const imported = importCell(cell, index);
    if (!imported) return [];
    // Jupyter gives a cell that was copied its original's metadata.
    const own = ids.has(imported.id) ? { ...imported, id: crypto.randomUUID() } : imported;
    ids.add(own.id);
    return [own];
  });
  const { winnow, title } = notebook.metadata;
  const settings = winnow ?? { version: 1, title: title ?? titleOf(cells, fileName) };
  return {
    document: parsed(documentSchema, { ...settings, cells }, 'Notebook file'),
    leftOut: leftOutOf(notebook.cells),
  };
}

const isOurs = ({ metadata }: IpynbCell): boolean => metadata.winnow !== undefined;

/** Null where it is left out. */
function importCell(
  { cell_type, id = crypto.randomUUID(), source, metadata: { winnow } }: IpynbCell,
  index: number,
): Cell | null {
  const text = cell_type === 'markdown' ? { source } : {};
  if (winnow !== undefined) {
    const settings = parsed(z.looseObject({}), winnow, `Notebook file, cell ${index + 1}`);
    return parsed(cellSchema, { id, ...settings, ...text }, `Notebook file, cell ${index + 1}`);
  }
  return cell_type === 'markdown' ? { kind: 'text', id, source } : null;
}

function titleOf(cells: readonly Cell[], fileName: string): string {
  for (const cell of cells) {
    const heading = cell.kind === 'text' && /^#\s+(.+)$/m.exec(cell.source)?.[1];
    if (heading) return heading.trim();
  }
  return fileName.replace(/\.ipynb$/i, '') || 'Untitled';
}

function leftOutOf(cells: readonly IpynbCell[]): readonly string[] {
  const others = cells.filter((cell) => !isOurs(cell) && cell.cell_type !== 'markdown');
  const count = (amount: number, noun: string) => (amount === 0 ? [] : [`${amount} ${noun}${amount === 1 ? '' : 's'}`]);
  const isCode = ({ cell_type }: IpynbCell) => cell_type === 'code';
  return [
    ...count(others.filter(isCode).length, 'code cell'),
    ...count(others.filter((cell) => !isCode(cell)).length, 'raw cell'),
    ...count(
      cells.reduce((sum, { outputs }) => sum + outputs.length, 0),
      'result',
    ),
    ...count(
      cells.reduce((sum, { attachments }) => sum + Object.keys(attachments).length, 0),
      'attached file',
    ),
  ];
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, where: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new WinnowError('bad-data', `${where}: ${z.prettifyError(result.error)}`);
}

// The notebook as data: what is written down and would be shared. Runs, results and selections live elsewhere.
import { z } from 'zod';
import {
  dataChoiceSchema,
  distillationSchema,
  fewShotSchema,
  mlmSchema,
  modelChoiceSchema,
  pruningSchema,
  splitNames,
  trainingArgumentsSchema,
  udaSchema,
} from '../runs/spec.ts';
import { sweepSchema } from '../runs/sweep.ts';

const id = z.string().min(1);
/** Another cell's id; null until chosen, or once that cell is deleted. */
const reference = id.nullable();

/** What cells of every kind have; a collapsed one shows its heading only. */
const common = { id, collapsed: z.boolean().optional() };

const textCell = z.object({ kind: z.literal('text'), ...common, source: z.string() });
const modelCell = z.object({ kind: z.literal('model'), ...common, choice: modelChoiceSchema });
const dataCell = z.object({ kind: z.literal('data'), ...common, choice: dataChoiceSchema });

const runCell = z.object({
  kind: z.literal('run'),
  ...common,
  name: z.string(),
  modelCell: reference,
  dataCell: reference,
  training: trainingArgumentsSchema,
  pruning: pruningSchema,
  distillation: distillationSchema.nullable(),
  few_shot: fewShotSchema.nullable().default(null),
  uda: udaSchema.nullable().default(null),
  mlm: mlmSchema.nullable().default(null),
  starts_from: z.string().min(1).nullable().default(null),
  sweep: sweepSchema.nullable().default(null),
});

const compareViews = ['curves', 'settings', 'pareto'] as const;

/** How runs are laid beside each other. */
const lookSchema = z.object({
  view: z.enum(compareViews).default('curves'),
  /** By run: whether it is drawn, where the reader has chosen. */
  shown: z.record(id, z.boolean()).default({}),
  /** Settings by path and measurements by tag; null: what differs, and the final measurements. */
  columns: z.array(z.string()).nullable().default(null),
  sort: z.object({ column: z.string(), isDescending: z.boolean() }).nullable().default(null),
  /** Weight of TensorBoard's smoothing; null: each chart's own. */
  smoothing: z.number().min(0).max(0.99).nullable().default(null),
  logY: z.boolean().default(false),
  ignoresOutliers: z.boolean().default(false),
});

export const plainLook: CompareLook = lookSchema.parse({});

const compareCell = z.object({
  kind: z.literal('compare'),
  ...common,
  /** Their newest runs are drawn, unless `look.shown` says otherwise. */
  runCells: z.array(id),
  look: lookSchema.prefault({}),
});

const maskViews = ['kept', 'masks', 'layers', 'scatter', 'scores', 'spread', 'sums'] as const;

const masksCell = z.object({
  kind: z.literal('masks'),
  ...common,
  left: reference,
  right: reference,
  /** Which of a swept cell's runs; absent: the newest. */
  leftVariant: z.string().optional(),
  rightVariant: z.string().optional(),
  /** Checkpoint key of the matrix on show; null shows the first. */
  matrix: z.string().nullable(),
  view: z.enum(maskViews),
});

const evaluateCell = z.object({
  kind: z.literal('evaluate'),
  ...common,
  runCells: z.array(id),
  dataCell: reference,
  split: z.enum(splitNames),
});

const tryCell = z.object({
  kind: z.literal('try'),
  ...common,
  runCells: z.array(id),
  /** A text or a question; and the other text of a pair, or the passage. */
  first: z.string(),
  second: z.string(),
});

const downloadCell = z.object({
  kind: z.literal('download'),
  ...common,
  runCell: reference,
  /** Which of a swept cell's runs; absent: the newest. */
  variant: z.string().optional(),
  dtype: z.enum(['F32', 'F16']),
});

export const cellSchema = z.discriminatedUnion('kind', [
  textCell,
  modelCell,
  dataCell,
  runCell,
  compareCell,
  masksCell,
  evaluateCell,
  tryCell,
  downloadCell,
]);

export const documentSchema = z.object({
  version: z.literal(1),
  title: z.string(),
  cells: z.array(cellSchema).readonly(),
});

export const emptyNotebook = documentSchema.parse({ version: 1, title: 'Untitled', cells: [] });

export type Cell = z.infer<typeof cellSchema>;
export type CellKind = Cell['kind'];
export type CellOf<K extends CellKind> = Extract<Cell, { kind: K }>;
export type CompareLook = z.infer<typeof lookSchema>;
export type MaskView = (typeof maskViews)[number];
export type NotebookDocument = z.infer<typeof documentSchema>;

export const cellsOf = <K extends CellKind>(document: NotebookDocument, kind: K): readonly CellOf<K>[] =>
  document.cells.filter((cell): cell is CellOf<K> => cell.kind === kind);

export function findCell<K extends CellKind>(document: NotebookDocument, kind: K, id: string | null): CellOf<K> | null {
  return cellsOf(document, kind).find((cell) => cell.id === id) ?? null;
}

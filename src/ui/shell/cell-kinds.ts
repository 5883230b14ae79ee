// How kinds of cells are called and drawn.
import {
  AlignLeft,
  BookOpenText,
  Box,
  ChartSpline,
  ClipboardCheck,
  Download,
  Grid3x3,
  type LucideIcon,
  MessageCircleQuestionMark,
  Scissors,
  Sprout,
  TableProperties,
} from 'lucide-react';
import type { Cell, CellKind, NotebookDocument } from '../../notebook/document.ts';
import { newCell, newPretrainingRun, newUdaRun } from '../../notebook/new-cells.ts';

interface KindInfo {
  readonly label: string;
  readonly about: string;
  readonly icon: LucideIcon;
}

/** What a menu offers to add: one of each kind, and runs for a purpose. */
export interface CellOffer extends KindInfo {
  readonly id: string;
  readonly create: (id: string, document: NotebookDocument) => Cell;
}

export const cellKinds: Readonly<Record<CellKind, KindInfo>> = {
  text: { label: 'Text', about: 'Markdown with formulas', icon: AlignLeft },
  model: { label: 'Model', about: 'The embedded MiniLM, or a folder from the Hub', icon: Box },
  data: { label: 'Data', about: 'Embedded sets, or your own files', icon: TableProperties },
  run: { label: 'Run', about: 'Fine-prune a model on data', icon: Scissors },
  compare: { label: 'Compare', about: 'Curves of several runs, overlaid', icon: ChartSpline },
  masks: { label: 'Masks', about: 'What two runs kept, and what moved', icon: Grid3x3 },
  evaluate: { label: 'Evaluate', about: 'Finished runs on any data, example by example', icon: ClipboardCheck },
  try: { label: 'Try it', about: 'Ask finished runs about a text of your own', icon: MessageCircleQuestionMark },
  download: { label: 'Download', about: 'Weights as a Hub folder', icon: Download },
};

const ofKind = (kind: CellKind): CellOffer => ({
  id: kind,
  ...cellKinds[kind],
  create: (id, document) => newCell(kind, id, document),
});

const udaRun: CellOffer = {
  id: 'uda',
  label: 'Run from few labels',
  about: 'UDA: a classifier from some twenty labels and many texts without',
  icon: Sprout,
  create: newUdaRun,
};

const pretrainingRun: CellOffer = {
  id: 'pretraining',
  label: 'Continued pre-training',
  about: 'Fill in words of unlabelled texts; other runs can start from it',
  icon: BookOpenText,
  create: newPretrainingRun,
};

export const cellOffers: readonly CellOffer[] = (Object.keys(cellKinds) as CellKind[]).flatMap((kind) =>
  kind === 'run' ? [ofKind(kind), pretrainingRun, udaRun] : [ofKind(kind)],
);

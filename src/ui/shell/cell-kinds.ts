// How kinds of cells are called and drawn.
import {
  AlignLeft,
  Box,
  ChartSpline,
  Download,
  Grid3x3,
  type LucideIcon,
  Scissors,
  TableProperties,
} from 'lucide-react';
import type { CellKind } from '../../notebook/document.ts';

interface KindInfo {
  readonly label: string;
  readonly about: string;
  readonly icon: LucideIcon;
}

export const cellKinds: Readonly<Record<CellKind, KindInfo>> = {
  text: { label: 'Text', about: 'Markdown with formulas', icon: AlignLeft },
  model: { label: 'Model', about: 'The embedded MiniLM, or a folder from the Hub', icon: Box },
  data: { label: 'Data', about: 'Embedded sets, or your own files', icon: TableProperties },
  run: { label: 'Run', about: 'Fine-prune a model on data', icon: Scissors },
  compare: { label: 'Compare', about: 'Curves of several runs, overlaid', icon: ChartSpline },
  masks: { label: 'Masks', about: 'What two runs kept, and what moved', icon: Grid3x3 },
  download: { label: 'Download', about: 'Weights as a Hub folder', icon: Download },
};

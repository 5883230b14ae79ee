import { memo } from 'react';
import type { Cell } from '../../notebook/document.ts';
import { CompareCell } from './CompareCell.tsx';
import { DataCell } from './DataCell.tsx';
import { DownloadCell } from './DownloadCell.tsx';
import { EvaluateCell } from './EvaluateCell.tsx';
import { MasksCell } from './MasksCell.tsx';
import { ModelCell } from './ModelCell.tsx';
import { RunCell } from './RunCell.tsx';
import { TextCell } from './TextCell.tsx';
import { TryCell } from './TryCell.tsx';
import './cells.css';

/** Cells are immutable: one that did not change is not drawn again. */
export const CellView = memo(({ cell, index }: { readonly cell: Cell; readonly index: number }) => {
  switch (cell.kind) {
    case 'text':
      return <TextCell cell={cell} index={index} />;
    case 'model':
      return <ModelCell cell={cell} index={index} />;
    case 'data':
      return <DataCell cell={cell} index={index} />;
    case 'run':
      return <RunCell cell={cell} index={index} />;
    case 'compare':
      return <CompareCell cell={cell} index={index} />;
    case 'masks':
      return <MasksCell cell={cell} index={index} />;
    case 'evaluate':
      return <EvaluateCell cell={cell} index={index} />;
    case 'try':
      return <TryCell cell={cell} index={index} />;
    case 'download':
      return <DownloadCell cell={cell} index={index} />;
    default:
      return cell satisfies never;
  }
});

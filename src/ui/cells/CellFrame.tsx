// What all cells have around them: a place for the focus, a name, and the actions on the cell as a whole.
import { ArrowDown, ArrowUp, ChevronsDownUp, ChevronsUpDown, CopyPlus, GripVertical, Trash2 } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Cell } from '../../notebook/document.ts';
import { elementIdOf } from '../commands.ts';
import { useCellStatus, useDocument, useServices } from '../services.ts';
import { CommandButton } from '../shell/CommandButton.tsx';
import { cellCommands } from '../shell/cell-commands.ts';
import { cellKinds } from '../shell/cell-kinds.ts';
import { dragCell } from '../shell/drag-cell.ts';

interface CellFrameProps {
  readonly cell: Cell;
  readonly index: number;
  /** What the cell is about, for those who hear the page. */
  readonly name: string;
  /** Beside the kind: a name to edit, a choice. */
  readonly heading?: ReactNode;
  /** At the end of the heading's line, beside the cell's status: its main buttons. */
  readonly aside?: ReactNode;
  /** Extra buttons among the cell's own. */
  readonly tools?: ReactNode;
  /** The run's colour, as in charts. */
  readonly color?: string | undefined;
  readonly children: ReactNode;
}

export function CellFrame({ cell, index, name, heading, aside, tools, color, children }: CellFrameProps) {
  const { label } = cellKinds[cell.kind];
  const { view } = useServices();
  const isDragged = useStore(view, ({ drag }) => drag?.cellId === cell.id);
  const hasHeader = cell.kind !== 'text' || cell.collapsed;
  const title = name ? `${label}: ${name}` : label;
  return (
    <section
      id={elementIdOf(cell.id)}
      data-cell={cell.id}
      data-kind={cell.kind}
      data-dragged={isDragged || undefined}
      className={`cell cell-${cell.kind}${cell.collapsed ? ' cell-collapsed' : ''}`}
      aria-label={cell.collapsed ? `${title}, collapsed` : title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a focused cell takes the notebook's keys
      tabIndex={0}
      onFocus={() => view.set({ selected: cell.id })}
      style={color ? ({ '--swatch': color } as CSSProperties) : undefined}
    >
      {cell.kind !== 'text' && <h2 className="visually-hidden">{title}</h2>}
      {hasHeader && (
        <CellHeader cell={cell} aside={aside}>
          {cell.kind === 'text' ? <h2 className="collapsed-title">{name || 'Empty'}</h2> : heading}
        </CellHeader>
      )}
      {!cell.collapsed && children}
      <CellTools cell={cell} index={index}>
        {tools}
      </CellTools>
    </section>
  );
}

function CellHeader({ cell, aside, children }: Pick<CellFrameProps, 'cell' | 'aside' | 'children'>) {
  const { label, icon: Icon } = cellKinds[cell.kind];
  return (
    <header className="cell-header">
      <span className="eyebrow cell-kind">
        <Icon size={14} aria-hidden="true" /> {label}
      </span>
      <div className="cell-heading">{children}</div>
      <div className="cell-aside">
        <Status cellId={cell.id} />
        {aside}
      </div>
    </header>
  );
}

/** How the cell stands: the one place for it, also while the cell is collapsed. */
function Status({ cellId }: { readonly cellId: string }) {
  const status = useCellStatus(cellId);
  if (!status) return null;
  return (
    <span className="cell-status">
      <span className={`status status-${status.state}`}>{status.state}</span>
      {status.why && <span className="cell-status-why">{status.why}</span>}
    </span>
  );
}

function CellTools({ cell, index, children }: Pick<CellFrameProps, 'cell' | 'index' | 'children'>) {
  const services = useServices();
  const last = useDocument().cells.length - 1;
  const { moveUp, moveDown, duplicate, collapse, remove } = cellCommands;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div className="cell-tools" role="group" aria-label="Cell actions">
      {children}
      {/* For pointers; the arrows beside it and the keys do the same. */}
      <span
        className="cell-grip"
        title="Drag to move"
        aria-hidden="true"
        onPointerDown={(event) => dragCell(services, cell.id, event)}
      >
        <GripVertical size={17} />
      </span>
      <CommandButton command={moveUp} cellId={cell.id} icon={ArrowUp} isDisabled={index === 0} />
      <CommandButton command={moveDown} cellId={cell.id} icon={ArrowDown} isDisabled={index === last} />
      <CommandButton command={duplicate} cellId={cell.id} icon={CopyPlus} />
      <CommandButton
        command={collapse}
        cellId={cell.id}
        label={cell.collapsed ? 'Expand cell' : 'Collapse cell'}
        icon={cell.collapsed ? ChevronsUpDown : ChevronsDownUp}
      />
      <CommandButton command={remove} cellId={cell.id} icon={Trash2} />
    </div>
  );
}

// What all cells have around them: a place for the focus, a name, and the actions on the cell as a whole.
import { ArrowDown, ArrowUp, CopyPlus, Trash2 } from 'lucide-react';
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import type { Cell } from '../../notebook/document.ts';
import { duplicate, elementIdOf, move, remove } from '../commands.ts';
import { IconButton } from '../components/IconButton.tsx';
import { useDocument, useServices } from '../services.ts';
import { cellKinds } from '../shell/cell-kinds.ts';

interface CellFrameProps {
  readonly cell: Cell;
  readonly index: number;
  /** What the cell is about, for those who hear the page. */
  readonly name: string;
  /** Beside the kind: a name to edit, a choice. */
  readonly heading?: ReactNode;
  /** At the end of the heading's line: state and main buttons. */
  readonly aside?: ReactNode;
  /** Extra buttons among the cell's own. */
  readonly tools?: ReactNode;
  /** The run's colour, as in charts. */
  readonly color?: string | undefined;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

export function CellFrame({ cell, index, name, heading, aside, tools, color, onKeyDown, children }: CellFrameProps) {
  const { label, icon: Icon } = cellKinds[cell.kind];
  return (
    <section
      id={elementIdOf(cell.id)}
      data-cell={cell.id}
      data-kind={cell.kind}
      className={`cell cell-${cell.kind}`}
      aria-label={name ? `${label}: ${name}` : label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a focused cell takes the notebook's keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      style={color ? ({ '--swatch': color } as CSSProperties) : undefined}
    >
      {cell.kind !== 'text' && <h2 className="visually-hidden">{name ? `${label}: ${name}` : label}</h2>}
      {cell.kind !== 'text' && (
        <header className="cell-header">
          <span className="eyebrow cell-kind">
            <Icon size={14} aria-hidden="true" /> {label}
          </span>
          <div className="cell-heading">{heading}</div>
          <div className="cell-aside">{aside}</div>
        </header>
      )}
      {children}
      <CellTools cell={cell} index={index}>
        {tools}
      </CellTools>
    </section>
  );
}

function CellTools({
  cell,
  index,
  children,
}: Pick<CellFrameProps, 'cell' | 'index'> & { readonly children: ReactNode }) {
  const services = useServices();
  const last = useDocument().cells.length - 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div className="cell-tools" role="group" aria-label="Cell actions">
      {children}
      <IconButton icon={ArrowUp} label="Move up" isDisabled={index === 0} onPress={() => move(services, cell.id, -1)} />
      <IconButton
        icon={ArrowDown}
        label="Move down"
        isDisabled={index === last}
        onPress={() => move(services, cell.id, 1)}
      />
      <IconButton icon={CopyPlus} label="Duplicate cell" onPress={() => duplicate(services, cell.id)} />
      <IconButton icon={Trash2} label="Delete cell" onPress={() => remove(services, cell.id)} />
    </div>
  );
}

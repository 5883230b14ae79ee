// Which settings and measurements the table of runs shows.
import { Columns3 } from 'lucide-react';
import { Popover } from '../components/Popover.tsx';
import type { Column } from './columns.ts';

interface ColumnsMenuProps {
  readonly all: readonly Column[];
  readonly chosen: readonly Column[];
  /** Null: what differs, and the final measurements. */
  readonly onChange: (ids: string[] | null) => void;
}

export function ColumnsMenu({ all, chosen, onChange }: ColumnsMenuProps) {
  const ids = chosen.map(({ id }) => id);
  const toggle = (id: string) => onChange(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);
  return (
    <Popover
      label="Columns"
      hasOwnText
      buttonClass="button"
      button={
        <>
          <Columns3 size={15} aria-hidden="true" /> Columns
        </>
      }
    >
      {() => (
        <div className="columns-menu">
          <button type="button" className="button button-quiet" onClick={() => onChange(null)}>
            What differs, and final measurements
          </button>
          {(['measurement', 'setting'] as const).map((kind) => (
            <fieldset key={kind}>
              <legend className="eyebrow">{kind === 'setting' ? 'Settings' : 'Measurements'}</legend>
              {all
                .filter((column) => column.kind === kind)
                .map(({ id, title }) => (
                  <label key={id}>
                    <input type="checkbox" checked={ids.includes(id)} onChange={() => toggle(id)} />
                    {title} <code className="field-key">{id}</code>
                  </label>
                ))}
            </fieldset>
          ))}
        </div>
      )}
    </Popover>
  );
}

import { cellsOf } from '../../notebook/document.ts';
import { useDocument } from '../services.ts';
import { runColor } from './run-colors.ts';

interface RunChecksProps {
  /** What the runs are chosen for: "Runs to compare". */
  readonly legend: string;
  /** Ids of run cells. */
  readonly chosen: readonly string[];
  readonly onChoose: (runCells: string[]) => void;
}

/** Chooses among the notebook's run cells. */
export function RunChecks({ legend, chosen, onChoose }: RunChecksProps) {
  const document = useDocument();
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset className="run-checks">
      <legend className="visually-hidden">{legend}</legend>
      {cellsOf(document, 'run').map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          <i className="swatch" style={{ background: runColor(document, id) }} aria-hidden="true" />
          {name || 'unnamed'}
        </label>
      ))}
    </fieldset>
  );
}

import { useId } from 'react';
import type { MatrixInfo } from '../../runs/events.ts';

interface MatrixSelectProps {
  readonly matrices: readonly MatrixInfo[];
  readonly value: string | null;
  readonly onChoose: (name: string) => void;
}

/** One masked matrix, by layer and kind. */
export function MatrixSelect({ matrices, value, onChoose }: MatrixSelectProps) {
  const id = useId();
  const layers = [...new Set(matrices.map(({ layer }) => layer))];
  return (
    <div className="field">
      <label htmlFor={id}>Matrix</label>
      <select
        id={id}
        className="select"
        value={value ?? matrices[0]?.name ?? ''}
        onChange={({ target }) => onChoose(target.value)}
      >
        {layers.map((layer) => (
          <optgroup key={layer} label={`Layer ${layer}`}>
            {matrices
              .filter((matrix) => matrix.layer === layer)
              .map(({ name, kind, rows, columns }) => (
                <option key={name} value={name}>
                  {`Layer ${layer}, ${kind} (${rows} × ${columns})`}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

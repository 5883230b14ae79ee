import { useId } from 'react';
import { cellsOf } from '../../notebook/document.ts';
import { applySize, type SizeId, sizeIds, sizeOf, sizesFor } from '../../notebook/sizes.ts';
import { useDocument, useServices } from '../services.ts';

/** How much work the whole notebook is. */
export function SizeSelect() {
  const { notebook } = useServices();
  const document = useDocument();
  const id = useId();
  const size = sizeOf(document);
  const sizes = sizesFor(document);
  if (cellsOf(document, 'run').length === 0) return null;
  return (
    <div className="size-select">
      <label htmlFor={id} className="eyebrow">
        Size
      </label>
      <select
        id={id}
        className="select"
        value={size ?? 'custom'}
        onChange={({ target }) => notebook.apply(applySize(target.value as SizeId))}
      >
        {size === null && (
          <option value="custom" disabled>
            Custom
          </option>
        )}
        {sizeIds.map((option) => (
          <option key={option} value={option}>
            {sizes[option].label}
          </option>
        ))}
      </select>
      <p className="hint">{size === null ? 'Your own settings.' : sizes[size].about}</p>
    </div>
  );
}

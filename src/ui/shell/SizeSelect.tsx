import { cellsOf } from '../../notebook/document.ts';
import { applySize, type SizeId, sizeIds, sizeOf, sizesFor } from '../../notebook/sizes.ts';
import { useDocument, useServices } from '../services.ts';

const selectId = 'notebook-size';

/** Where the focus goes when the size was chosen elsewhere. */
export const focusSize = (): void => document.getElementById(selectId)?.focus();

/** How much work the whole notebook is. */
export function SizeSelect() {
  const { notebook } = useServices();
  const document = useDocument();
  const size = sizeOf(document);
  const sizes = sizesFor(document);
  if (cellsOf(document, 'run').length === 0) return null;
  return (
    <div className="size-select">
      <label htmlFor={selectId} className="eyebrow">
        Size
      </label>
      <select
        id={selectId}
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

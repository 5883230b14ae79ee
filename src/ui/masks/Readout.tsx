// The weight under the cursor, in numbers. Always takes its room, so that nothing jumps when it appears.
import type { ReactNode } from 'react';
import { type Cell, formatWeight, type Unit, weightAt } from './matrix.ts';
import type { MaskSide } from './side.ts';

interface ReadoutProps {
  readonly left: MaskSide;
  readonly right: MaskSide | null;
  readonly cursor: Cell | null;
  readonly unit: Unit | null;
}

export function Readout({ left, right, cursor, unit }: ReadoutProps) {
  return (
    <dl className="masks-readout" aria-live="polite">
      <Entry name="row" value={cursor && String(cursor.row)} />
      <Entry name="column" value={cursor && String(cursor.column)} />
      {unit && <Entry name={unit.name} value={cursor && String(Math.floor(cursor[unit.axis] / unit.size))} />}
      <Entry name="pretrained" value={cursor && formatWeight(weightAt(left.data, cursor).pretrained)} />
      {[left, right].map((side, i) => {
        if (!side) return null;
        const weight = cursor && weightAt(side.data, cursor);
        return (
          <Entry
            key={i === 0 ? 'left' : 'right'}
            name={`fine-tuned, ${side.label}`}
            value={weight && formatWeight(weight.finetuned)}
          >
            {weight && (
              <span className={weight.isKept ? 'masks-kept' : 'masks-pruned'}>{weight.isKept ? 'kept' : 'pruned'}</span>
            )}
          </Entry>
        );
      })}
    </dl>
  );
}

function Entry({ name, value, children }: { name: string; value: string | null; children?: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value ?? '–'} {children}
      </dd>
    </div>
  );
}

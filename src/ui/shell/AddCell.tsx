import { Plus } from 'lucide-react';
import { addCellAt } from '../commands.ts';
import { MenuItem, Popover } from '../components/Popover.tsx';
import { useServices } from '../services.ts';
import { cellOffers } from './cell-kinds.ts';

/** The gap between two cells: a hairline that offers to add one here. */
export function AddCell({ index, isLast = false }: { readonly index: number; readonly isLast?: boolean }) {
  const services = useServices();
  return (
    <div className={isLast ? 'add-cell add-cell-last' : 'add-cell'}>
      <Popover
        label="Add a cell here"
        buttonClass={isLast ? 'button' : 'add-cell-button'}
        hasOwnText={isLast}
        button={
          <>
            <Plus size={15} aria-hidden="true" />
            {isLast && 'Add a cell'}
          </>
        }
      >
        {(close) =>
          cellOffers.map(({ id, label, about, icon: Icon, create }) => (
            <MenuItem
              key={id}
              icon={<Icon size={16} aria-hidden="true" />}
              label={label}
              about={about}
              onSelect={() => {
                close();
                addCellAt(services, create, { index, write: true });
              }}
            />
          ))
        }
      </Popover>
    </div>
  );
}

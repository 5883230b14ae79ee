import { useState } from 'react';
import { bytes } from '../../runs/bytes.ts';
import { useMayChange, useServices } from '../services.ts';

/** Something kept, whatever its kind. */
export interface Kept {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly bytes: number;
  /** Null while it is in use. A tab that only watches removes nothing. */
  readonly remove: (() => Promise<unknown>) | null;
}

export function KeptRow({ kept }: { readonly kept: Kept }) {
  const { title, about, remove } = kept;
  const mayChange = useMayChange();
  return (
    <li>
      <div className="library-entry">
        {title}
        <small>
          {bytes(kept.bytes)} · {about}
        </small>
      </div>
      {remove && mayChange && <DeleteButton id={kept.id} title={title} remove={remove} />}
    </li>
  );
}

interface DeleteButtonProps extends Pick<Kept, 'id' | 'title'> {
  readonly remove: () => Promise<unknown>;
}

/** Asks once more before it does. */
function DeleteButton({ id, title, remove }: DeleteButtonProps) {
  const { notices, announcements, storage } = useServices();
  const [isAsking, setAsking] = useState(false);
  const act = () =>
    remove().then(() => {
      storage.removed(id);
      announcements.say(`${title} deleted.`);
    }, notices.add);
  return (
    <button
      type="button"
      className="button"
      aria-label={isAsking ? `Yes, delete ${title}` : `Delete ${title}`}
      onClick={isAsking ? act : () => setAsking(true)}
      onBlur={() => setAsking(false)}
    >
      {isAsking ? 'Yes, delete' : 'Delete'}
    </button>
  );
}

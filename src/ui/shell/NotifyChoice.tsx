import { useStore } from 'zustand';
import { useServices } from '../services.ts';

/** The one place where notifications are asked for. */
export function NotifyChoice() {
  const { notify } = useServices();
  const { type } = useStore(notify);
  if (type === 'unsupported') return null;
  return (
    <div className="popover-section">
      <label className="notify-choice">
        <input
          type="checkbox"
          checked={type === 'on'}
          disabled={type === 'blocked'}
          onChange={({ target }) => void notify.choose(target.checked)}
        />
        <span>
          Notify me when a run of over two minutes ends while I look elsewhere
          {type === 'blocked' && '. Your browser blocks it for this page'}
        </span>
      </label>
    </div>
  );
}

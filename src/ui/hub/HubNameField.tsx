// A model or data set by the name that it has on the Hub.
import { Search } from 'lucide-react';
import { useId, useState } from 'react';
import './hub.css';

interface HubNameFieldProps {
  readonly label: string;
  /** As it is written now. */
  readonly value: string;
  /** Well-known ones, offered while typing. */
  readonly known: readonly string[];
  readonly isBusy: boolean;
  readonly onFind: (name: string) => void;
}

export function HubNameField({ label, value, known, isBusy, onFind }: HubNameFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState({ of: value, name: value });
  const name = draft.of === value ? draft.name : value; // once something is found, under the name that it has there
  return (
    <form
      className="hub-name"
      onSubmit={(event) => {
        event.preventDefault();
        onFind(name);
      }}
    >
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="input mono"
          list={`${id}-known`}
          value={name}
          placeholder="owner/name or owner/name@revision"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => setDraft({ of: value, name: target.value })}
        />
        <datalist id={`${id}-known`}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </div>
      <button type="submit" className="button" disabled={isBusy || name.trim() === ''}>
        <Search size={15} aria-hidden="true" /> Find on the Hub
      </button>
    </form>
  );
}

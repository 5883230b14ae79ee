// What would keep this run from recovering, before it starts. Notes wait behind a disclosure; problems do not.
import type { Finding, Remedy } from '../../runs/guard-rails.ts';
import { Notice } from '../components/Notice.tsx';
import { plural } from '../format.ts';

interface GuardRailsProps {
  readonly findings: readonly Finding[];
  readonly onApply: (training: Remedy['training']) => void;
}

export function GuardRails({ findings, onApply }: GuardRailsProps) {
  const problems = findings.filter(({ level }) => level !== 'note');
  const notes = findings.filter(({ level }) => level === 'note');
  return (
    <div className="guard-rails">
      {problems.map(({ level, text, remedies = [] }) => (
        <Notice key={text} level={level}>
          {text}
          <Remedies remedies={remedies} onApply={onApply} />
        </Notice>
      ))}
      {notes.length > 0 && (
        <details className="more">
          <summary>What to expect: {plural(notes.length, 'note')} with this run’s numbers</summary>
          <ul className="notes">
            {notes.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface RemediesProps {
  readonly remedies: readonly Remedy[];
  readonly onApply: (training: Remedy['training']) => void;
}

/** Better settings, one press each. */
export function Remedies({ remedies, onApply }: RemediesProps) {
  if (remedies.length === 0) return null;
  const apply = (training: Remedy['training'], button: HTMLElement) => {
    // The button goes with what it remedies: the keyboard stays in its cell.
    button.closest<HTMLElement>('[data-cell]')?.focus({ preventScroll: true });
    onApply(training);
  };
  return (
    <span className="remedies">
      {remedies.map(({ label, training }) => (
        <button
          key={label}
          type="button"
          className="button"
          onClick={({ currentTarget }) => apply(training, currentTarget)}
        >
          {label}
        </button>
      ))}
    </span>
  );
}

// What would keep this run from recovering, before it starts. Notes wait behind a disclosure; problems do not.
import type { Finding } from '../../runs/guard-rails.ts';
import { Notice } from '../components/Notice.tsx';
import { plural } from '../format.ts';

export function GuardRails({ findings }: { readonly findings: readonly Finding[] }) {
  const problems = findings.filter(({ level }) => level !== 'note');
  const notes = findings.filter(({ level }) => level === 'note');
  return (
    <div className="guard-rails">
      {problems.map(({ level, text }) => (
        <Notice key={text} level={level}>
          {text}
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

// Waiting for the worker's answer, its failure with a way on, or the answer.
import type { ReactNode } from 'react';
import { bytes } from '../../runs/bytes.ts';
import type { Loadable, Readable } from '../../runs/loadable.ts';
import { Notice } from '../components/Notice.tsx';
import { useBackend, useServices } from '../services.ts';

interface AnswerStateProps<T> {
  readonly answer: Loadable<T> | null;
  readonly request: Readable;
  readonly doing: string;
  /** How much of what is asked has been done; in bytes by default. */
  readonly amountIn?: (value: number) => string;
  readonly children: (value: T) => ReactNode;
}

export function AnswerState<T>({ answer, request, doing, amountIn = bytes, children }: AnswerStateProps<T>) {
  const { answers } = useServices();
  const isElsewhere = useBackend().type === 'elsewhere';
  if (isElsewhere) return <p className="hint">To be seen in the tab where Winnow works.</p>;
  if (!answer) return <p className="hint waiting">{doing}…</p>;
  if (answer.type === 'loading') return <p className="hint waiting">{`${doing}${amountOf(answer, amountIn)}…`}</p>;
  if (answer.type === 'loaded') return children(answer.value);
  return (
    <Notice
      level="error"
      action={
        <button type="button" className="button" onClick={() => answers.retry(request)}>
          Try again
        </button>
      }
    >
      {answer.error.message}
    </Notice>
  );
}

function amountOf(
  { progress }: Extract<Loadable<unknown>, { type: 'loading' }>,
  amountIn: (value: number) => string,
): string {
  if (!progress) return '';
  const { done, total } = progress;
  return total > 0 ? `, ${amountIn(done)} of ${amountIn(total)}` : `, ${amountIn(done)} so far`;
}

import { lazy, Suspense, useState } from 'react';
import type { Explanation } from './explanations.ts';

const Markdown = lazy(() => import('../cells/Markdown.tsx'));

/** What to look for, and on demand the formula. */
export function Explain({ look, formula }: Explanation) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="explain">
      <p>{look}</p>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>The formula</summary>
        {isOpen && (
          <Suspense fallback={<p className="hint">Setting the formula…</p>}>
            <Markdown source={formula} />
          </Suspense>
        )}
      </details>
    </div>
  );
}

import { lazy, Suspense } from 'react';
import type { Explanation } from './explanations.ts';

const Markdown = lazy(() => import('../cells/Markdown.tsx'));

/** What to look for, and on demand the formula. */
export function Explain({ look, formula }: Explanation) {
  return (
    <div className="explain">
      <p>{look}</p>
      <details>
        <summary>The formula</summary>
        <Suspense fallback={<p className="hint">Setting the formula…</p>}>
          <Markdown source={formula} />
        </Suspense>
      </details>
    </div>
  );
}

// What a run from few labels shows, drawn to HTML.
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { AugmentationPreview } from '../../src/runs/protocol.ts';
import { AugmentedTexts } from '../../src/ui/run/AugmentedTexts.tsx';
import { Classes } from '../../src/ui/run/Classes.tsx';
import { PolicyField } from '../../src/ui/run/PolicyField.tsx';

const ignore = () => undefined;

describe('texts and their twins', () => {
  const value: AugmentationPreview = {
    labelled: 18,
    unlabelled: 582,
    warnings: [],
    pairs: [
      {
        original: [
          { text: 'red', change: 'replaced' },
          { text: 'fish', change: 'none' },
          { text: 'swim', change: 'deleted' },
        ],
        augmented: [
          { text: 'blue', change: 'replaced' },
          { text: 'fish', change: 'none' },
        ],
      },
    ],
  };
  const shown = (preview: AugmentationPreview | null, problem: string | null = null) =>
    renderToString(
      <AugmentedTexts division={{ value: preview, problem, isCurrent: true }} copy={2} onDraw={ignore} />,
    ).replaceAll('<!-- -->', '');

  it('mark what went on one side and what came on the other', () => {
    const html = shown(value);
    expect(html).toContain('<del class="twin-replaced">red</del>');
    expect(html).toContain('<del class="twin-deleted">swim</del>');
    expect(html).toContain('<ins class="twin-replaced">blue</ins>');
    expect(html).toContain('Augmented, draw 3');
  });

  it('say without UDA that the rest stays unread', () => {
    expect(shown({ ...value, pairs: [] })).toContain('Learns from 18 labelled texts. Another 582 without a label');
  });

  it('leave a problem to the guard rails', () => {
    expect(shown(null, 'few labels: expected 3')).toBe('');
  });
});

describe('an augmentation policy', () => {
  const shown = (policy: string, hasParaphrases = false) =>
    renderToString(<PolicyField policy={policy} hasParaphrases={hasParaphrases} onChange={ignore} />);

  it('is a list of operations, each with its strength', () => {
    const html = shown('tf_idf-0.3+eda-0.1');
    expect(html).toMatch(/aria-label="Strength of operation 1"[^>]*value="0\.3"|value="0\.3"[^>]*aria-label="Strength/);
    expect(html).toContain('Remove operation 2');
  });

  it('has one operation at least', () => {
    expect(shown('bt')).not.toContain('Remove operation');
  });

  it('samples back-translations at a temperature, unless the data bring theirs', () => {
    expect(shown('bt-0.8')).toMatch(
      /aria-label="Temperature of operation 1"[^>]*value="0\.8"|value="0\.8"[^>]*Temperature/,
    );
    expect(shown('bt-0.8', true)).not.toContain('Temperature');
    expect(shown('bt-0.8', true)).toContain('from the column that the data cell names');
  });
});

describe('classes in the end', () => {
  it('are a table with heads, each cell shaded by its share, and errors with their probability', () => {
    const html = renderToString(
      <Classes
        report={{
          split: 'dev',
          labels: ['ham', 'spam'],
          confusion: [
            [3, 1],
            [0, 4],
          ],
          errors: [{ id: 'a', text: 'free lunch', label: 0, predicted: 1, probability: 0.98765 }],
        }}
      />,
    );
    expect(html).toContain('Confusion on dev: 1 of 8 wrong.');
    expect(html).toContain('<th scope="row">ham</th>');
    expect(html).toContain('--share:0.25');
    expect(html).toContain('The surest 1 error on dev');
    expect(html).toContain('0.988');
  });
});

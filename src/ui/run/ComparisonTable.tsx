// Runs side by side: only settings that differ, then every final number.
import type { Run } from '../../runs/reducer.ts';
import { measure, percent, setting } from '../format.ts';
import { differingSettings } from './differing-settings.ts';

export interface ComparedRun {
  readonly cellId: string;
  readonly name: string;
  readonly color: string;
  readonly run: Run | null;
}

export function ComparisonTable({ compared }: { readonly compared: readonly ComparedRun[] }) {
  const shown = compared.flatMap(({ run, ...rest }) => (run ? [{ ...rest, run }] : []));
  if (shown.length === 0) return null;
  const settings = differingSettings(shown.map(({ run }) => run.spec));
  const isPruned = shown.some(({ run }) => run.spec.pruning.pruning_method !== 'none');
  const tags = [...new Set(shown.flatMap(({ run }) => Object.keys(run.summary?.metrics ?? {})))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Comparison">
      <table className="table compare-table">
        <thead>
          <tr>
            <td />
            {shown.map(({ cellId, name, color }) => (
              <th key={cellId} scope="col" className="number">
                <i className="swatch" style={{ background: color }} aria-hidden="true" />
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map(({ key, values }) => (
            <Row key={key} label={<code>{key}</code>} values={values.map(settingText)} />
          ))}
          {isPruned && (
            <Row
              label="Kept of the encoder’s linear maps"
              values={shown.map(({ run: { summary } }) =>
                summary ? percent(summary.encoderKept / Math.max(1, summary.encoderTotal)) : '…',
              )}
            />
          )}
          {tags.map((tag) => (
            <Row
              key={tag}
              label={<code>{tag}</code>}
              values={shown.map(({ run: { summary } }) => numberText(summary?.metrics[tag]))}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ label, values }: { readonly label: React.ReactNode; readonly values: readonly string[] }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column is a run, and runs keep their order
        <td key={index} className="number">
          {value}
        </td>
      ))}
    </tr>
  );
}

const numberText = (value: number | undefined): string => (value === undefined ? '…' : measure(value));

function settingText(value: unknown): string {
  if (typeof value === 'number') return setting(value);
  return value === null || value === undefined ? 'none' : String(value);
}

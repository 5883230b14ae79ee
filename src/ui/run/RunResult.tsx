// What a finished run came to. Kept weights always come with what they are a share of.
import type { Run } from '../../runs/reducer.ts';
import { count, duration, measure, percent } from '../format.ts';
import { tagInfo } from './metric-groups.ts';

export function RunResult({ run }: { readonly run: Run }) {
  const { summary } = run;
  if (!summary) return null;
  const { metrics, encoderKept, encoderTotal, modelNonZero, modelTotal, elapsedMs } = summary;
  const measured = Object.entries(metrics);
  return (
    <div className="result">
      <dl className="readouts">
        {measured
          .filter(([tag]) => isHeadline(tag))
          .map(([tag, value]) => (
            <Readout key={tag} label={headlineOf(tag)} value={measure(value)} />
          ))}
        {encoderTotal > 0 && (
          <Readout
            label="kept of the encoder’s linear maps"
            value={percent(encoderKept / encoderTotal)}
            detail={`${count(encoderKept)} of ${count(encoderTotal)}`}
          />
        )}
        <Readout
          label="non-zero of the whole model, embeddings included"
          value={percent(modelNonZero / modelTotal)}
          detail={`${count(modelNonZero)} of ${count(modelTotal)}`}
        />
        <Readout label="training time" value={duration(elapsedMs)} detail={run.started?.adapter ?? ''} />
      </dl>
      {measured.length > 0 && (
        <details className="more">
          <summary>All final numbers</summary>
          <table className="table result-table">
            <tbody>
              {measured.map(([tag, value]) => (
                <tr key={tag}>
                  <th scope="row">
                    <code>{tag}</code>
                  </th>
                  <td className="number">{measure(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </div>
  );
}

interface ReadoutProps {
  readonly label: string;
  readonly value: string;
  readonly detail?: string;
}

function Readout({ label, value, detail }: ReadoutProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {detail && <small>{detail}</small>}
      </dd>
    </div>
  );
}

/** Measured quality; losses wait in the table. */
function isHeadline(tag: string): boolean {
  return /^(test|eval)\//.test(tag) && !/loss|final/.test(tag);
}

function headlineOf(tag: string): string {
  const [split = ''] = tag.split('/');
  return `${tagInfo(tag)?.label ?? tag}, ${split === 'eval' ? 'dev' : split}`;
}

// What a finished run came to. Kept weights always come with what they are a share of.
import { bytes } from '../../runs/bytes.ts';
import type { Run } from '../../runs/reducer.ts';
import { count, duration, measure, percent } from '../format.ts';
import { metricLabel } from './metric-groups.ts';

export function RunResult({ run }: { readonly run: Run }) {
  const { summary, memory } = run;
  if (!summary) return null;
  const { metrics, encoderKept, encoderTotal, modelNonZero, modelTotal, elapsedMs } = summary;
  const measured = Object.entries(metrics);
  const isPruned = run.spec.pruning.pruning_method !== 'none';
  return (
    <div className="result">
      <dl className="readouts">
        {headlines(measured).map(([tag, value]) => (
          <Readout key={tag} label={headlineOf(tag)} value={measure(value)} detail={selectedOf(tag, metrics)} />
        ))}
        {isPruned && encoderTotal > 0 && (
          <Readout
            label="of the encoder’s linear maps kept"
            value={percent(encoderKept / encoderTotal)}
            detail={`${count(encoderKept)} of ${count(encoderTotal)}`}
          />
        )}
        {isPruned && (
          <Readout
            label="of the whole model not zero, embeddings included"
            value={percent(modelNonZero / modelTotal)}
            detail={`${count(modelNonZero)} of ${count(modelTotal)}`}
          />
        )}
        {memory && (
          <Readout
            label="of memory at most"
            value={bytes(memory.peakBytes)}
            detail={`${bytes(memory.estimatedBytes)} estimated`}
          />
        )}
        <Readout label="from start to end" value={duration(elapsedMs)} detail={run.started?.adapter ?? ''} />
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
      <dd>{value}</dd>
      {detail && <dd className="readout-detail">{detail}</dd>}
    </div>
  );
}

/** Quality on the test split, or on dev where the run was stopped before its test; the rest waits in the table. */
function headlines(measured: readonly (readonly [string, number])[]) {
  // Where words are filled in, the loss is what quality there is.
  const showsLoss = measured.some(([tag]) => tag === 'eval/perplexity');
  const onSplit = (split: string) =>
    measured.filter(([tag]) => tag.startsWith(`${split}/`) && (showsLoss || tag !== `${split}/loss`));
  return onSplit('test').length > 0 ? onSplit('test') : onSplit('eval');
}

/** What the evaluation that dev chose came to, where another than the last was chosen. */
function selectedOf(tag: string, metrics: Readonly<Record<string, number>>): string {
  const value = metrics[tag.replace('/', '_selected/')];
  const step = metrics['selected/step'];
  if (value === undefined || step === undefined || value === metrics[tag]) return '';
  return `${measure(value)} at step ${count(step)}, chosen on dev`;
}

function headlineOf(tag: string): string {
  const [split = ''] = tag.split('/');
  return `${metricLabel(tag)}, ${split === 'eval' ? 'dev' : split}`;
}

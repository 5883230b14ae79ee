// What a run would hold in memory, by what it is for: one line with a bar, and a table for those who do not see it.
import { bytes } from '../../runs/bytes.ts';
import type { MemoryEstimate, MemoryKind } from '../../runs/protocol.ts';
import type { RunSpec } from '../../runs/spec.ts';
import type { MemoryAnswer } from './useMemoryEstimate.ts';
import './memory.css';

interface MemoryNeedProps {
  readonly memory: MemoryAnswer;
  /** Where a sweep's runs differ in size: the one that needs the most, of which `memory` is. */
  readonly largest: RunSpec | null;
}

export function MemoryNeed({ memory: { value: estimate, problem, isCurrent }, largest }: MemoryNeedProps) {
  if (problem) return null;
  if (!estimate) return <p className="hint">The memory it needs appears once model and data are read.</p>;
  const { totalBytes, limitBytes } = estimate;
  const parts = partsOf(estimate);
  const whole = Math.max(totalBytes, limitBytes ?? 0);
  const summary = `Needs up to about ${bytes(totalBytes)} ${placeOf(estimate)}${largest ? `. ${sizeOf(largest)}` : ''}`;
  return (
    <figure className="memory" aria-busy={!isCurrent}>
      <div className="memory-bar" aria-hidden="true">
        {parts.map(({ kind, held }) => (
          <i key={kind} className={`memory-${kind}`} style={{ inlineSize: `${(100 * held) / whole}%` }} />
        ))}
      </div>
      <figcaption>
        <span>{summary}</span>
        <span className="memory-legend" aria-hidden="true">
          {parts.map(({ kind, label, held }) => (
            <span key={kind}>
              <i className={`swatch memory-${kind}`} />
              {label} {bytes(held)}
            </span>
          ))}
        </span>
      </figcaption>
      <table className="visually-hidden">
        <caption>Memory by what it is for</caption>
        <tbody>
          {parts.map(({ kind, label, held }) => (
            <tr key={kind}>
              <th scope="row">{label}</th>
              <td>{bytes(held)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** In the order of the bar: what stays the same whatever the batch, then what grows with it. */
const kinds: readonly { readonly kind: MemoryKind; readonly label: string }[] = [
  { kind: 'weights', label: 'weights' },
  { kind: 'scores', label: 'scores' },
  { kind: 'gradients', label: 'gradients' },
  { kind: 'moments', label: 'Adam’s moments' },
  { kind: 'masks', label: 'masks' },
  { kind: 'teacher', label: 'teacher' },
  { kind: 'other', label: 'other' },
  { kind: 'activations', label: 'activations' },
];

const partsOf = ({ bytesByKind }: MemoryEstimate) =>
  kinds.map(({ kind, label }) => ({ kind, label, held: bytesByKind[kind] })).filter(({ held }) => held > 0);

const sizeOf = ({ training: { per_device_train_batch_size: batch, max_seq_length: tokens } }: RunSpec): string =>
  `That is for the largest batch of the sweep, ${batch} × ${tokens} tokens`;

function placeOf({ backend, limitBytes }: MemoryEstimate): string {
  const place = backend === 'wasm' ? 'in WebAssembly' : 'on the GPU';
  return limitBytes === null ? place : `${place}, which has ${bytes(limitBytes)}`;
}

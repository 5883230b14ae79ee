// One row as the model reads it: each token a chip over its part of the text.
import { type KeyboardEvent, memo, type PointerEvent, useId, useState } from 'react';
import type { TokenizedRow } from '../../runs/protocol.ts';
import type { DataChoice, ModelChoice } from '../../runs/spec.ts';
import { AnswerState } from '../cells/AnswerState.tsx';
import { count, plural } from '../format.ts';
import { useAnswer } from '../services.ts';
import type { Place } from './OpenedView.tsx';

interface TokensViewProps {
  readonly model: ModelChoice;
  readonly data: DataChoice;
  readonly place: Place;
  /** Rows of the split. */
  readonly rows: number;
  readonly onPlace: (place: Place) => void;
}

export function TokensView({ model, data, place, rows, onPlace }: TokensViewProps) {
  const id = useId();
  const request = { type: 'tokenize-row', model, data, split: place.split, row: place.row } as const;
  const answer = useAnswer(request);
  const choose = (number: number) => {
    if (Number.isInteger(number) && number >= 1 && number <= rows) onPlace({ ...place, row: number - 1 });
  };
  return (
    <>
      <div className="rows-search">
        <div className="field">
          <label htmlFor={id}>Row</label>
          <input
            id={id}
            type="number"
            className="input"
            min={1}
            max={rows}
            value={place.row + 1}
            onChange={({ target }) => choose(target.valueAsNumber)}
          />
        </div>
        <p className="hint">{`of ${count(rows)} in ${place.split}. Point at a token, or move along with the arrow keys.`}</p>
      </div>
      <AnswerState answer={answer} request={request} doing="Reading the row">
        {({ texts, unknownId }) =>
          texts.map((text) => (
            <TokenizedText key={`${place.split} ${place.row} ${text.column}`} text={text} unknownId={unknownId} />
          ))
        }
      </AnswerState>
    </>
  );
}

interface TokenizedTextProps {
  readonly text: TokenizedRow['texts'][number];
  readonly unknownId: number | null;
}

function TokenizedText({ text: { column, text, ids, tokens, offsets }, unknownId }: TokenizedTextProps) {
  const id = useId();
  const [current, setCurrent] = useState<number | null>(null);
  const unknown = tokens.filter((_, index) => ids[index] === unknownId);
  const point = ({ target }: PointerEvent) => {
    const token = (target as Element).closest('[data-token]')?.getAttribute('data-token');
    if (token) setCurrent(Number(token));
  };
  const move = (event: KeyboardEvent) => {
    const to = moved(event.key, current, ids.length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook's own keys
    setCurrent(to);
  };
  return (
    <section className="tokenized" aria-label={`Tokens of ${column}`}>
      <p>
        <strong>{column}</strong> <span className="hint">{wordsOf(ids.length, unknown)}</span>
      </p>
      <div
        className="tokens"
        role="listbox"
        aria-label={`Tokens of ${column}`}
        tabIndex={0}
        aria-activedescendant={current === null ? undefined : `${id}-${current}`}
        onPointerOver={point}
        onKeyDown={move}
        onFocus={() => setCurrent((before) => before ?? (ids.length > 0 ? 0 : null))}
      >
        {ids.map((token, index) => (
          <Chip
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            key={index}
            id={`${id}-${index}`}
            index={index}
            before={text.slice(offsets[index - 1]?.[1] ?? 0, offsets[index]![0])}
            text={text.slice(...offsets[index]!)}
            about={`${tokens[index]}, id ${token}, ${offsets[index]![0]} to ${offsets[index]![1]}`}
            isUnknown={token === unknownId}
            isCurrent={current === index}
          />
        ))}
      </div>
      <p className="token-readout mono" aria-hidden="true">
        {current === null
          ? '–'
          : `${tokens[current]}  id ${ids[current]}  characters ${offsets[current]![0]}–${offsets[current]![1]}`}
      </p>
    </section>
  );
}

function moved(key: string, current: number | null, tokens: number): number | null {
  if (tokens === 0) return null;
  const last = tokens - 1;
  if (key === 'ArrowRight' || key === 'ArrowDown') return current === null ? 0 : Math.min(last, current + 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return current === null ? 0 : Math.max(0, current - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}

/** @param unknown all tokens of that kind, which have one name. */
function wordsOf(tokens: number, unknown: readonly string[]): string {
  const lacking =
    unknown.length > 0 ? `, ${count(unknown.length)} of them ${unknown[0]}, which the vocabulary lacks` : '';
  return `${plural(tokens, 'token')}${lacking}`;
}

interface ChipProps {
  readonly id: string;
  readonly index: number;
  /** What stands between it and the token before. */
  readonly before: string;
  readonly text: string;
  readonly about: string;
  readonly isUnknown: boolean;
  readonly isCurrent: boolean;
}

/** Long texts have thousands: only the one that is left and the one that is reached are drawn again. */
const Chip = memo(({ id, index, before, text, about, isUnknown, isCurrent }: ChipProps) => (
  <>
    {before}
    <span
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      aria-label={about}
      data-token={index}
      className={isUnknown ? 'token token-unknown' : 'token'}
    >
      {text}
    </span>
  </>
));

// Unlabelled texts beside their twins, as a run with this seed draws them, with what changed marked on both sides.
import { Dices } from 'lucide-react';
import { useId } from 'react';
import type { Comparison, MarkedWord } from '../../engine/uda/comparison.ts';
import { count, plural } from '../format.ts';
import type { DivisionAnswer } from './useTextDivision.ts';
import './few-labels.css';

interface AugmentedTextsProps {
  readonly division: DivisionAnswer;
  /** Which draw is on show, from 0. */
  readonly copy: number;
  readonly onDraw: () => void;
}

export function AugmentedTexts({ division: { value, problem, isCurrent }, copy, onDraw }: AugmentedTextsProps) {
  const id = useId();
  if (problem) return null;
  if (!value) return <p className="hint">Texts and their twins appear once model and data are read.</p>;
  const { labelled, unlabelled, pairs } = value;
  const learnt = plural(labelled, 'labelled text');
  const others = `${count(unlabelled)} without a label`;
  if (pairs.length === 0) return <p className="hint">{`Learns from ${learnt}. Another ${others} stay unread.`}</p>;
  return (
    <section className="twins" aria-labelledby={`${id}-title`} aria-busy={!isCurrent}>
      <div className="twins-line">
        <h3 id={`${id}-title`}>{`Learns from ${learnt} and ${others}, each beside its twin`}</h3>
        <button type="button" className="button" onClick={onDraw}>
          <Dices size={15} aria-hidden="true" /> Another draw
        </button>
      </div>
      <div className="twins-heads" aria-hidden="true">
        <span className="eyebrow">Original</span>
        <span className="eyebrow">Augmented, draw {copy + 1}</span>
      </div>
      <ol className="twins-list">
        {pairs.map((pair, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair has no identity but its place
          <Twins key={index} pair={pair} />
        ))}
      </ol>
      <p className="twins-legend">
        {legend.map(({ change, words }) => (
          <span key={change}>
            <Marked word={{ text: change, change }} isAugmented={change === 'inserted'} /> {words}
          </span>
        ))}
      </p>
    </section>
  );
}

const legend = [
  { change: 'replaced', words: 'by the word on the other side' },
  { change: 'inserted', words: 'or deleted, on one side only' },
  { change: 'moved', words: 'to another place' },
] as const;

function Twins({ pair: { original, augmented } }: { readonly pair: Comparison }) {
  return (
    <li>
      <p>
        <span className="twins-side">Original: </span>
        <Words words={original} isAugmented={false} />
      </p>
      <p>
        <span className="twins-side">Augmented: </span>
        <Words words={augmented} isAugmented />
      </p>
    </li>
  );
}

function Words({ words, isAugmented }: { readonly words: readonly MarkedWord[]; readonly isAugmented: boolean }) {
  const shown = words.slice(0, mostWords);
  return (
    <>
      {shown.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word has no identity but its place
        <span key={index}>
          <Marked word={word} isAugmented={isAugmented} />{' '}
        </span>
      ))}
      {words.length > mostWords && `… and ${count(words.length - mostWords)} more words`}
    </>
  );
}

/** Enough to see what a policy does; mails can be long. */
const mostWords = 80;

/** What went and what came are so in HTML's own words, which readers of screens may choose to hear. */
function Marked({ word: { text, change }, isAugmented }: { readonly word: MarkedWord; readonly isAugmented: boolean }) {
  if (change === 'none') return text;
  const Tag = change === 'moved' ? 'mark' : isAugmented ? 'ins' : 'del';
  return <Tag className={`twin-${change}`}>{text}</Tag>;
}

// The part of a text that shows where a query stands, in stretches that are marked or not.
import type { Search } from '../../engine/text/search.ts';

export interface Stretch {
  readonly text: string;
  readonly isHit: boolean;
}

/** A cell of a table shows about two lines: what comes later is lost, so the excerpt begins shortly before the first hit. */
const farIn = 100;
const before = 40;
const mostShown = 600;

export function excerptOf(text: string, { placesIn }: Search): readonly Stretch[] {
  const first = placesIn(text)[0]?.[0] ?? 0;
  const from = first > farIn ? first - before : 0;
  const part = `${from > 0 ? '…' : ''}${text.slice(from, from + mostShown)}`;
  const stretches: Stretch[] = [];
  let end = 0;
  for (const [start, to] of placesIn(part)) {
    stretches.push({ text: part.slice(end, start), isHit: false }, { text: part.slice(start, to), isHit: true });
    end = to;
  }
  stretches.push({ text: part.slice(end), isHit: false });
  return stretches.filter((stretch) => stretch.text !== '');
}

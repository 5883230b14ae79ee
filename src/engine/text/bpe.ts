// Byte-pair encoding (Sennrich et al. 2016): of a word's neighbouring symbols, the pair that training merged first is
// merged first, and of equal pairs the leftmost. As in Hugging Face's Rust tokenizers by way of a heap, so that a word of
// n symbols takes n·log n, were it a megabyte long.
import { WinnowError } from '../error.ts';
import { largestId } from './tokenizer.ts';

/** Symbols of a word, and the bytes [starts[i], ends[i]) that each stands for. */
export interface Symbols {
  readonly ids: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export type Merge = readonly [left: string, right: string];

/** @throws WinnowError `bad-model` for a merge of tokens, or to a token, that the vocabulary lacks. */
export function createMerger(
  vocabulary: ReadonlyMap<string, number>,
  merges: readonly Merge[],
): (word: Symbols) => Symbols {
  const size = largestId(vocabulary) + 1;
  const idOf = (token: string, [left, right]: Merge): number => {
    const id = vocabulary.get(token);
    if (id !== undefined) return id;
    const message = `merges: expected tokens of the vocabulary, got "${left} ${right}" with ${JSON.stringify(token)}, which is none.`;
    throw new WinnowError('bad-model', `${message} Use the tokenizer files of one model.`);
  };
  const keyOf = (left: number, right: number) => left * size + right;
  const ranks = new Map<number, number>();
  const merged = merges.map((merge, rank) => {
    const [left, right] = merge;
    ranks.set(keyOf(idOf(left, merge), idOf(right, merge)), rank);
    return idOf(left + right, merge);
  });

  return ({ ids: given, starts, ends: givenEnds }) => {
    const count = given.length;
    const [ids, ends] = [[...given], [...givenEnds]];
    const next = Int32Array.from(ids, (_, i) => i + 1);
    const previous = Int32Array.from(ids, (_, i) => i - 1);
    const rankAt = (left: number) => {
      const right = next[left]!;
      return right < count ? ranks.get(keyOf(ids[left]!, ids[right]!)) : undefined;
    };
    const open = new MinHeap();
    const offer = (left: number) => {
      const rank = left < 0 ? undefined : rankAt(left);
      if (rank !== undefined) open.push(rank * count + left);
    };
    for (let left = 0; left < count; left++) offer(left);
    for (let top = open.pop(); top !== undefined; top = open.pop()) {
      const [rank, left] = [Math.floor(top / count), top % count];
      if (rankAt(left) !== rank) continue; // one of the two has been merged with its other neighbour
      const right = next[left]!;
      ids[left] = merged[rank]!;
      ends[left] = ends[right]!;
      ids[right] = GONE;
      next[left] = next[right]!;
      if (next[right]! < count) previous[next[right]!] = left;
      offer(previous[left]!);
      offer(left);
    }
    const kept = ids.flatMap((id, i) => (id === GONE ? [] : [i]));
    return { ids: kept.map((i) => ids[i]!), starts: kept.map((i) => starts[i]!), ends: kept.map((i) => ends[i]!) };
  };
}

/** In place of a symbol that its left neighbour has taken in: no pair with it has a rank. */
const GONE = -1;

class MinHeap {
  private readonly items: number[] = [];

  push(item: number): void {
    let at = this.items.push(item) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && this.items[parent]! > item; parent = (at - 1) >> 1) {
      this.items[at] = this.items[parent]!;
      at = parent;
    }
    this.items[at] = item;
  }

  pop(): number | undefined {
    const { items } = this;
    const [top] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < items.length && items[child + 1]! < items[child]!) child++;
      if (child >= items.length || items[child]! >= last) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return top;
  }
}

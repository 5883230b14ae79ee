// Easy data augmentation (Wei & Zou, arXiv 1901.11196): four edits, each of n = max(1, ⌊α·L⌋) words of L. Punctuation
// neither counts nor changes, as their code removes it; negations stay as they are, which theirs may break.
// Deviation: deletion takes n words too, where their code tosses a coin for each and often deletes none.
import { drawOne, drawSome, editablePlaces, editCount } from './edits.ts';
import type { Synonyms } from './synonyms.ts';
import type { Operation } from './words.ts';

/** Replaces n different words, wherever they occur, each by one of its synonyms. */
export function synonymReplacement(synonyms: Synonyms, alpha: number): Operation {
  return (words, random) => {
    const editable = editablePlaces(words);
    const distinct = new Set(editable.map((i) => words[i]!.text));
    const replaceable = [...distinct].filter((text) => synonyms.of(text).length > 0);
    const chosen = drawSome(replaceable, editCount(words, alpha), random);
    const synonymFor = new Map(chosen.map((text) => [text, drawOne(synonyms.of(text), random)]));
    const places = new Set(editable);
    return words.map((word, i) => ({ ...word, text: (places.has(i) && synonymFor.get(word.text)) || word.text }));
  };
}

/** n times, puts a synonym of one of the text's words anywhere. */
export function randomInsertion(synonyms: Synonyms, alpha: number): Operation {
  return (words, random) => {
    const sources = words.map(({ text }) => synonyms.of(text)).filter((found) => found.length > 0);
    if (sources.length === 0) return words;
    const inserted = [...words];
    for (let i = editCount(words, alpha); i > 0; i--) {
      const text = drawOne(drawOne(sources, random), random);
      inserted.splice(random.integer(inserted.length + 1), 0, { text, origin: null });
    }
    return inserted;
  };
}

/** n times, exchanges two words. */
export function randomSwap(alpha: number): Operation {
  return (words, random) => {
    const editable = editablePlaces(words);
    if (editable.length < 2) return words;
    const swapped = [...words];
    for (let i = editCount(words, alpha); i > 0; i--) {
      const [a, b] = drawSome(editable, 2, random) as [number, number];
      [swapped[a], swapped[b]] = [swapped[b]!, swapped[a]!];
    }
    return swapped;
  };
}

/** Drops n words, but never all that it may drop. */
export function randomDeletion(alpha: number): Operation {
  return (words, random) => {
    const editable = editablePlaces(words);
    const count = Math.min(editCount(words, alpha), editable.length - 1);
    const dropped = new Set(drawSome(editable, count, random));
    return words.filter((_, i) => !dropped.has(i));
  };
}

/** One of the four, each as likely. */
export function anyEdit(synonyms: Synonyms, alpha: number): Operation {
  const edits = [
    synonymReplacement(synonyms, alpha),
    randomInsertion(synonyms, alpha),
    randomSwap(alpha),
    randomDeletion(alpha),
  ];
  return (words, random) => drawOne(edits, random)(words, random);
}

// Spelling noise: slips of the hand in n = max(1, ⌊α·L⌋) words of at least four letters, one slip each, never in the
// first letter, which readers lean on most. What WordPiece makes of a misspelt word is a far larger change to the model
// than to a reader.
import type { Random } from '../random.ts';
import { drawOne, drawSome, editablePlaces, editCount } from './edits.ts';
import type { Operation } from './words.ts';

const KEY_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const LONG_WORD = /^\p{L}{4,}$/u;

/** Changes the letters at a place, which is neither the first nor the last. */
type Slip = (letters: readonly string[], place: number, random: Random) => readonly string[];

const slips: readonly Slip[] = [transpose, leaveOut, double, hitNeighbour];

export function spellingNoise(alpha: number): Operation {
  return (words, random) => {
    const long = editablePlaces(words).filter((i) => LONG_WORD.test(words[i]!.text));
    const chosen = new Set(drawSome(long, editCount(words, alpha), random));
    return words.map((word, i) => (chosen.has(i) ? { ...word, text: misspell(word.text, random) } : word));
  };
}

function misspell(text: string, random: Random): string {
  const letters = [...text];
  const place = 1 + random.integer(letters.length - 2);
  return drawOne(slips, random)(letters, place, random).join('');
}

/** Two equal letters exchanged would be no slip: one is left out instead. */
function transpose(letters: readonly string[], place: number): readonly string[] {
  const [here, next] = [letters[place]!, letters[place + 1]!];
  return here === next ? leaveOut(letters, place) : letters.with(place, next).with(place + 1, here);
}

function leaveOut(letters: readonly string[], place: number): readonly string[] {
  return letters.toSpliced(place, 1);
}

function double(letters: readonly string[], place: number): readonly string[] {
  return letters.toSpliced(place, 0, letters[place]!);
}

/** The key beside it; a letter that the keyboard lacks is doubled. */
function hitNeighbour(letters: readonly string[], place: number, random: Random): readonly string[] {
  const letter = letters[place]!;
  const row = KEY_ROWS.find((keys) => keys.includes(letter.toLowerCase()));
  if (!row) return double(letters, place);
  const key = row.indexOf(letter.toLowerCase());
  const neighbours = [row[key - 1], row[key + 1]].filter((neighbour) => neighbour !== undefined);
  return letters.with(place, drawOne(neighbours, random));
}

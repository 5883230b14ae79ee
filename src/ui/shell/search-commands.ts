// What the palette finds. The scores are cmdk's (a prefix before the start of a word before letters in their order), but
// not its order: it sorts within groups only, so that the first of them, whatever it holds, would stay first.
import { defaultFilter } from 'cmdk';
import type { Command } from './command.ts';

/** What a command says of itself counts less than its name. */
const aboutWeight = 0.1;

/** The commands that match, best first; all of them, in their order, where nothing is searched for. */
export function searchCommands(commands: readonly Command[], search: string): readonly Command[] {
  const wanted = wordsOf(search);
  if (wanted === '') return commands;
  return commands
    .map((command) => ({ command, score: scoreOf(command, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

const scoreOf = ({ label, about = '' }: Command, wanted: string): number =>
  Math.max(defaultFilter(wordsOf(label), wanted), aboutWeight * defaultFilter(wordsOf(about), wanted));

/** Without the marks that nobody types: `Add: Model` is found by "add model". */
const wordsOf = (text: string): string => text.replaceAll(/[^\p{L}\p{N}\s]/gu, '').trim();

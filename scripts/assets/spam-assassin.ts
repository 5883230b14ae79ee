// SpamAssassin's public corpus as a two-class data set: text only, each text once, and no text in two splits.
import { mailText } from './mail.ts';
import { dealClasses, type LabelledText } from './splits.ts';

export interface Mail {
  readonly id: string;
  /** easy-ham-1, easy-ham-2, hard-ham-1, spam-1 or spam-2. */
  readonly group: string;
  readonly text: string;
}

/** 512 tokens, BERT's longest input, are about as many characters of English. */
export const maxCharacters = 2000;

export function buildSpamAssassin(mails: readonly Mail[], seed: number) {
  const texts = mails.map(toLabelledText).filter((example) => example.text !== '');
  const unique = [...new Map(texts.map((example) => [example.text, example])).values()];
  const ofClass = (label: number) => unique.filter((example) => example.label === label);
  const splits = dealClasses([ofClass(0), ofClass(1)], seed);
  return { splits, empty: mails.length - texts.length, duplicates: texts.length - unique.length };
}

function toLabelledText({ id, group, text }: Mail): LabelledText {
  const readable = mailText(text).slice(0, maxCharacters).trim();
  return { id: `${group}/${id}`, text: readable, label: group.startsWith('spam') ? 1 : 0 };
}

// What a repository on the Hub is called: `owner/name`, perhaps `@revision`, or the address of its page.
import { WinnowError } from '../engine/error.ts';

export interface HubName {
  /** `owner/name`; a few old models have no owner. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const PART = '[\\w][\\w.-]{0,95}';
const NAME = new RegExp(`^(${PART}(?:/${PART})?)(?:@([\\w./-]{1,200}))?$`);
const PAGE = new RegExp(
  `^https?://[^/]+/(?:datasets/)?(${PART}/${PART})(?:/(?:tree|resolve|blob)/([^?#]+?))?/?(?:[?#].*)?$`,
);

/** @throws WinnowError `bad-settings` where the text is no name. */
export function parseHubName(text: string): HubName {
  const trimmed = text.trim();
  const [, id, revision] = NAME.exec(trimmed) ?? PAGE.exec(trimmed) ?? [];
  if (id === undefined || id.includes('..') || revision?.includes('..')) throw noName(trimmed);
  return { id, revision: revision === undefined ? 'main' : decodeURIComponent(revision) };
}

/** As it is written: without the revision that is meant anyway. */
export const hubNameText = ({ id, revision }: HubName): string => (revision === 'main' ? id : `${id}@${revision}`);

function noName(text: string): WinnowError {
  const got = text === '' ? 'nothing' : JSON.stringify(text.slice(0, 120));
  const expected = 'expected owner/name or owner/name@revision, such as google-bert/bert-base-uncased';
  return new WinnowError('bad-settings', `name on the Hub: ${expected}, got ${got}. Copy it from the page there.`);
}

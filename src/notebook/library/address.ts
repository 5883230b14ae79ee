// What the page's address asks for: a notebook of this browser, an example, or one that came with the link.
import { type SizeId, sizeIds } from '../sizes.ts';

export type Address =
  | { readonly kind: 'notebook'; readonly id: string }
  /** `?template=twenty-labels`: the reader's copy of it, or a new one at the size of `?preset=`. */
  | { readonly kind: 'example'; readonly id: string; readonly size: SizeId }
  | { readonly kind: 'shared'; readonly payload: string }
  /** The notebook opened last; on a first visit the first example. */
  | { readonly kind: 'last'; readonly size: SizeId };

const sharedPrefix = '#share=';

export function readAddress({ searchParams, hash }: URL): Address {
  if (hash.startsWith(sharedPrefix)) return { kind: 'shared', payload: hash.slice(sharedPrefix.length) };
  const notebook = searchParams.get('notebook');
  if (notebook !== null) return { kind: 'notebook', id: notebook };
  const size = sizeIds.find((id) => id === searchParams.get('preset')) ?? 'full';
  const template = searchParams.get('template');
  return template === null ? { kind: 'last', size } : { kind: 'example', id: template, size };
}

/** The address of a notebook, relative to the page's. */
export function addressOf(page: URL, id: string): string {
  const parameters = new URLSearchParams(page.search);
  for (const name of ['template', 'preset']) parameters.delete(name);
  parameters.set('notebook', id);
  return `${page.pathname}?${parameters}`;
}

export const sharedAddress = (page: URL, payload: string): string =>
  `${page.origin}${page.pathname}${sharedPrefix}${payload}`;

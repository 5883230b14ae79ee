import { shownKeys } from './keys.ts';

export function KeyCap({ keys }: { readonly keys: string }) {
  return <kbd className="keys-cap">{shownKeys(keys)}</kbd>;
}

// Which Hub is asked, and with whose token. The address is remembered across visits; the token for this tab's visit only,
// unless its owner wants it kept.
import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HubAccess } from '../../hub/hub-client.ts';
import { defaultEndpoint } from '../../runs/hub.ts';

export interface HubSettings extends HubAccess {
  readonly keepsToken: boolean;
}

export interface HubSettingsStore extends Pick<StoreApi<HubSettings>, 'getState' | 'getInitialState' | 'subscribe'> {
  set(change: Partial<HubSettings>): void;
}

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const endpointKey = 'winnow-hub-endpoint';
const tokenKey = 'winnow-hub-token';

export function createHubSettings(lasting: Place, visit: Place): HubSettingsStore {
  const kept = lasting.getItem(tokenKey);
  const store = createStore<HubSettings>(() => ({
    endpoint: readEndpoint(lasting.getItem(endpointKey) ?? '') ?? defaultEndpoint,
    token: kept ?? visit.getItem(tokenKey),
    keepsToken: kept !== null,
  }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    set(change) {
      store.setState(change);
      const { endpoint, token, keepsToken } = store.getState();
      // An address of a newer page, which this one cannot read, stays until another is chosen.
      if ('endpoint' in change) write(lasting, endpointKey, endpoint === defaultEndpoint ? null : endpoint);
      write(lasting, tokenKey, keepsToken ? token : null);
      write(visit, tokenKey, keepsToken ? null : token);
    },
  };
}

/** An address without what follows its host and path; null for what is none. */
export function readEndpoint(text: string): string | null {
  const parsed = z.url({ protocol: /^https?$/ }).safeParse(text.trim());
  if (!parsed.success) return null;
  const { origin, pathname } = new URL(parsed.data);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function write(place: Place, key: string, value: string | null): void {
  if (value === null || value === '') place.removeItem(key);
  else place.setItem(key, value);
}

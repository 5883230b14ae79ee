import { useStore } from 'zustand';
import type { HubAccess } from '../../hub/hub-client.ts';
import { useServices } from '../services.ts';

export function useHubAccess(): HubAccess {
  const { endpoint, token } = useStore(useServices().hubSettings);
  return { endpoint, token };
}

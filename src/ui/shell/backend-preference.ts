// Which backend this device should use, remembered across visits.
import { type BackendPreference, backendPreferenceSchema } from '../../runs/protocol.ts';

const key = 'winnow-backend';

export const storedBackendPreference = (): BackendPreference =>
  backendPreferenceSchema.catch('auto').parse(localStorage.getItem(key));

export const storeBackendPreference = (preference: BackendPreference): void => localStorage.setItem(key, preference);

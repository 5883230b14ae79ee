// The Hub's address, for mirrors and Hubs of one's own, and a token for what is gated or private.
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { defaultEndpoint } from '../../runs/hub.ts';
import { useServices } from '../services.ts';
import { readEndpoint } from '../shell/hub-settings.ts';
import './hub.css';

export function HubSettingsForm() {
  const id = useId();
  const { hubSettings } = useServices();
  const { endpoint, token, keepsToken } = useStore(hubSettings);
  const [draft, setDraft] = useState(endpoint);
  const isBad = readEndpoint(draft) === null;
  return (
    <div className="hub-settings">
      <div className="field">
        <label htmlFor={`${id}-endpoint`}>Address</label>
        <input
          id={`${id}-endpoint`}
          className="input mono"
          type="url"
          value={draft}
          placeholder={defaultEndpoint}
          aria-invalid={isBad}
          aria-describedby={`${id}-endpoint-hint`}
          spellCheck={false}
          onChange={({ target }) => {
            setDraft(target.value);
            const read = readEndpoint(target.value);
            if (read !== null) hubSettings.set({ endpoint: read });
          }}
        />
        <small id={`${id}-endpoint-hint`} className="hint">
          {isBad
            ? `Expected an address such as ${defaultEndpoint}.`
            : 'A mirror must be allowed by the server of this page: start it with HF_ENDPOINT set to the same address.'}
        </small>
      </div>
      <div className="field">
        <label htmlFor={`${id}-token`}>Token, for gated and private repositories</label>
        <input
          id={`${id}-token`}
          className="input mono"
          type="password"
          value={token ?? ''}
          autoComplete="off"
          aria-describedby={`${id}-token-hint`}
          onChange={({ target }) => hubSettings.set({ token: target.value.trim() === '' ? null : target.value.trim() })}
        />
        <small id={`${id}-token-hint`} className="hint">
          It goes to that address alone, and is never part of a notebook.{' '}
          {keepsToken ? 'It is kept until it is emptied here.' : 'It is forgotten when this tab closes.'}
        </small>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={keepsToken}
          onChange={({ target }) => hubSettings.set({ keepsToken: target.checked })}
        />
        Keep the token on this machine
      </label>
    </div>
  );
}

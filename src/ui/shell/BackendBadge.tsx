// What the worker computes on, why not on something else, and the choice.
import { Cpu, Zap } from 'lucide-react';
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { BackendState } from '../../runs/backend.ts';
import type { BackendPreference, BackendStatus } from '../../runs/protocol.ts';
import { isActive } from '../../runs/reducer.ts';
import { Popover } from '../components/Popover.tsx';
import { useBackend, useServices } from '../services.ts';
import { storeBackendPreference, storedBackendPreference } from './backend-preference.ts';

export function BackendBadge() {
  const state = useBackend();
  const isFast = state.type === 'ready' && state.status.backend === 'webgpu' && !state.status.isSoftware;
  const Icon = isFast ? Zap : Cpu;
  const tone = state.type === 'failed' || state.type === 'lost' ? 'bad' : isFast ? 'good' : 'plain';
  return (
    <Popover
      label={`Backend: ${titleOf(state)}`}
      hasOwnText
      buttonClass={`button button-quiet backend-badge backend-${tone}`}
      button={
        <>
          <Icon size={15} aria-hidden="true" />
          <span className="backend-name">{titleOf(state)}</span>
        </>
      }
    >
      {() => <BackendPanel state={state} />}
    </Popover>
  );
}

function titleOf(state: BackendState): string {
  switch (state.type) {
    case 'starting':
      return 'Looking for a GPU…';
    case 'ready':
      return nameOf(state.status);
    case 'failed':
      return 'No backend';
    case 'lost':
      return 'Engine lost';
    case 'elsewhere':
      return 'In another tab';
    default:
      return state satisfies never;
  }
}

function nameOf({ backend, adapter }: BackendStatus): string {
  return backend === 'webgpu' ? `WebGPU · ${adapter}` : adapter;
}

const choices: readonly { readonly value: BackendPreference; readonly label: string; readonly about: string }[] = [
  { value: 'auto', label: 'Automatic', about: 'WebGPU on a real graphics processor, else WebAssembly.' },
  { value: 'webgpu', label: 'WebGPU', about: 'Fastest, on a graphics processor.' },
  { value: 'wasm', label: 'WebAssembly', about: 'On the central processor; slower, works everywhere.' },
];

function BackendPanel({ state }: { readonly state: BackendState }) {
  const { backend, runs } = useServices();
  const [preference, setPreference] = useState(storedBackendPreference);
  const isBusy = useStore(runs, (now) => Object.values(now.runs).some(isActive));
  const name = useId();
  const choose = (value: BackendPreference) => {
    storeBackendPreference(value);
    setPreference(value);
    backend.choose(value);
  };
  return (
    <>
      <div className="popover-section">
        <strong>{titleOf(state)}</strong>
        {state.type === 'ready' && state.status.tier && <p className="hint">Kernels: {state.status.tier}.</p>}
        {state.type === 'ready' && state.status.note && <p className="hint">{state.status.note}</p>}
        {(state.type === 'failed' || state.type === 'lost') && <p className="hint">{state.message}</p>}
      </div>
      <fieldset className="popover-section backend-choices" disabled={isBusy}>
        <legend className="eyebrow">Compute on</legend>
        {choices.map(({ value, label, about }) => (
          <div key={value} className="backend-choice">
            <input
              id={`${name}-${value}`}
              type="radio"
              name={name}
              aria-describedby={`${name}-${value}-about`}
              checked={preference === value}
              disabled={isMissing(state, value)}
              onChange={() => choose(value)}
            />
            <label htmlFor={`${name}-${value}`}>{label}</label>
            <small id={`${name}-${value}-about`}>
              {isMissing(state, value) ? 'Not available in this browser.' : about}
            </small>
          </div>
        ))}
        {isBusy && <p className="hint">A run is under way; stop it to change.</p>}
      </fieldset>
    </>
  );
}

const isMissing = (state: BackendState, value: BackendPreference): boolean =>
  state.type === 'ready' && value !== 'auto' && !state.status.available.includes(value);

// What a run would need.
import { useStore } from 'zustand';
import type { Loadable } from '../../runs/loadable.ts';
import type { MemoryEstimate } from '../../runs/protocol.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { dataRequest, modelRequest, useAnswer, useBackend, useServices } from '../services.ts';
import { type Question, type SettledAnswer, useSettledAnswer } from './useSettledAnswer.ts';

export type MemoryAnswer = SettledAnswer<MemoryEstimate>;

/** `wantsLess` after a run of these settings found too little memory. */
export const useMemoryEstimate = (spec: RunSpec | null, wantsLess: boolean): MemoryAnswer =>
  useSettledAnswer(useQuestion(spec, wantsLess));

/**
 * Null until the backend is up and model and data are read: what is wrong with those, their cells say. A model of the Hub
 * is measured before its weights are downloaded, by its config.json.
 */
function useQuestion(spec: RunSpec | null, wantsLess: boolean): Question<'estimate-memory'> | null {
  const { memoryBudget } = useServices();
  const gib = useStore(memoryBudget, (state) => state.gib);
  const backend = useBackend();
  const model = useAnswer(spec && modelRequest(spec.model));
  const data = useAnswer(spec && dataRequest(spec.data));
  if (!spec || backend.type !== 'ready' || !isMeasurable(model) || data?.type !== 'loaded') return null;
  const statedBytes = gib === null ? null : gib * 2 ** 30;
  const request = { type: 'estimate-memory', spec, statedBytes, wantsLess } as const;
  const { name: _, ...settings } = spec;
  return { request, key: JSON.stringify([backend.status.backend, statedBytes, wantsLess, settings]) };
}

const isMeasurable = (model: Loadable<unknown> | null): boolean =>
  model?.type === 'loaded' || (model?.type === 'failed' && model.error.code === 'not-kept');

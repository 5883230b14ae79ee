// What a run with few labels or UDA would learn from: how many texts keep their label, and some of the others beside
// their twins. What the worker refuses here (too few of a class, a policy that changes nothing) could not run either.
import { useStore } from 'zustand';
import type { AugmentationPreview } from '../../runs/protocol.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { dataRequest, modelRequest, useAnswer, useBackend, useServices } from '../services.ts';
import { learnsFromFew } from './FewLabels.tsx';
import { type Question, type SettledAnswer, useSettledAnswer } from './useSettledAnswer.ts';

export type DivisionAnswer = SettledAnswer<AugmentationPreview>;

const previewedTexts = 4;

/** @param copy which draw of the twins; a run sees draw 0 of a text first. */
export function useTextDivision(spec: RunSpec | null, copy: number): DivisionAnswer {
  const isReady = useBackend().type === 'ready';
  const translations = useStore(useServices().translation, ({ ended }) => ended);
  const model = useAnswer(spec && modelRequest(spec.model));
  const data = useAnswer(spec && dataRequest(spec.data));
  const isKnown = isReady && model?.type === 'loaded' && data?.type === 'loaded';
  return useSettledAnswer(spec && isKnown && learnsFromFew(spec) ? questionOf(spec, copy, translations) : null);
}

function questionOf(
  { model, data, few_shot, uda, training: { seed } }: RunSpec,
  copy: number,
  translations: number,
): Question<'preview-augmentation'> {
  const request = {
    type: 'preview-augmentation',
    model,
    data,
    few_shot,
    uda,
    seed,
    rows: previewedTexts,
    copy,
  } as const;
  // Of UDA's settings, the twins depend on the policy alone, and on what has been back-translated.
  const twins = uda && [uda.aug_ops, uda.bt_language, translations];
  return { request, key: JSON.stringify({ ...request, uda: twins }) };
}

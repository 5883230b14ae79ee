// What a run with few labels or UDA would learn from: how many texts keep their label, and some of the others beside
// their twins. What the worker refuses here (too few of a class, a policy that changes nothing) could not run either.
import type { AugmentationPreview } from '../../runs/protocol.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { dataRequest, modelRequest, useAnswer, useBackend } from '../services.ts';
import { learnsFromFew } from './FewLabels.tsx';
import { type Question, type SettledAnswer, useSettledAnswer } from './useSettledAnswer.ts';

export type DivisionAnswer = SettledAnswer<AugmentationPreview>;

const previewedTexts = 4;

/** @param copy which draw of the twins; a run sees draw 0 of a text first. */
export function useTextDivision(spec: RunSpec | null, copy: number): DivisionAnswer {
  const isReady = useBackend().type === 'ready';
  const model = useAnswer(spec && modelRequest(spec.model));
  const data = useAnswer(spec && dataRequest(spec.data));
  const isKnown = isReady && model?.type === 'loaded' && data?.type === 'loaded';
  return useSettledAnswer(spec && isKnown && learnsFromFew(spec) ? questionOf(spec, copy) : null);
}

function questionOf(
  { model, data, few_shot, uda, training: { seed } }: RunSpec,
  copy: number,
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
  // Of UDA's settings, the twins depend on the policy alone.
  return { request, key: JSON.stringify({ ...request, uda: uda?.aug_ops ?? null }) };
}

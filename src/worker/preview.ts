// Unlabelled texts beside their augmented twins, as a run with the same settings and seed draws them.
import { loadData } from '../hub/data-source.ts';
import type { AugmentationPreview, ReportBytes, Request } from '../runs/protocol.ts';
import { backTranslationOf } from '../runs/translation.ts';
import { loadTokenizer } from './inputs.ts';
import { openAugmenter } from './pairs.ts';
import { withParaphrases } from './paraphrases.ts';
import { divideLabels } from './training-texts.ts';

type PreviewRequest = Extract<Request, { type: 'preview-augmentation' }>;

export async function previewAugmentation(
  { model, data, few_shot, uda, seed, rows, copy }: PreviewRequest,
  onProgress: ReportBytes,
): Promise<AugmentationPreview> {
  const whole = await withParaphrases(await loadData(data, { onProgress }), uda && backTranslationOf(uda));
  const texts = divideLabels(whole, { few_shot, uda, mlm: null, training: { seed } });
  const { unlabelled, dataset, warnings } = texts;
  const about = { labelled: dataset.splits.train.length, unlabelled: unlabelled.length, warnings };
  if (!uda) return { ...about, pairs: [] };
  const tokenizer = await loadTokenizer(model, onProgress);
  const augmenter = await openAugmenter({ policy: uda.aug_ops, examples: unlabelled, tokenizer, seed });
  return { ...about, pairs: unlabelled.slice(0, rows).map((_, index) => augmenter.preview(index, copy)) };
}

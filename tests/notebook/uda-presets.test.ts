import { describe, expect, it } from 'vitest';
import type { CellOf, NotebookDocument } from '../../src/notebook/document.ts';
import { newCell, newUdaRun } from '../../src/notebook/new-cells.ts';
import { applyPreset, presetOf, udaPresets } from '../../src/notebook/uda-presets.ts';

const empty: NotebookDocument = { version: 1, title: '', cells: [] };
const dense = newCell('run', 'a', empty) as CellOf<'run'>;
const uda = newUdaRun('b', empty) as CellOf<'run'>;

describe('presets of UDA', () => {
  it.each(udaPresets.map((preset) => [preset.label, preset] as const))(
    '%s is known again once applied',
    (_, preset) => {
      const applied = { ...dense, ...applyPreset(preset, dense) };
      expect(presetOf(applied)?.id).toBe(preset.id);
      expect(presetOf({ ...applied, training: { ...applied.training, learning_rate: 1 } })).toBeNull();
    },
  );

  it('keep the augmentation policy, and labels that are drawn already', () => {
    const own = { ...uda, few_shot: { labels_per_class: 3, seed: 7 }, uda: { ...uda.uda!, aug_ops: 'eda-0.2' } };
    const applied = applyPreset(udaPresets[1]!, own);
    expect(applied.uda?.aug_ops).toBe('eda-0.2');
    expect(applied.few_shot).toEqual({ labels_per_class: 3, seed: 7 });
  });

  it('draw labels where UDA begins, and not where the data hide theirs already', () => {
    expect(applyPreset(udaPresets[0], dense).few_shot).toEqual({ labels_per_class: 10, seed: null });
    expect(applyPreset(udaPresets[0], { ...uda, few_shot: null }).few_shot).toBeNull();
  });

  it('are the authors’: batches of 8 with 3 pairs each for base, of 32 with 7 at temperature 0.85 for large', () => {
    const of = (id: string) => ({ ...dense, ...applyPreset(udaPresets.find((preset) => preset.id === id)!, dense) });
    expect(of('base')).toMatchObject({
      training: { per_device_train_batch_size: 8, max_seq_length: 128, learning_rate: 2e-5, warmup_steps: 1000 },
      uda: { unsup_ratio: 3, uda_softmax_temp: -1 },
    });
    expect(of('large')).toMatchObject({
      training: { per_device_train_batch_size: 32, max_seq_length: 512, optim: 'bert_adam' },
      uda: { unsup_ratio: 7, uda_softmax_temp: 0.85 },
    });
  });

  it('start a new UDA run, dense and with few labels', () => {
    expect(uda).toMatchObject({ name: 'uda', pruning: { pruning_method: 'none' }, few_shot: { labels_per_class: 10 } });
    expect(presetOf(uda)?.id).toBe('small');
  });
});

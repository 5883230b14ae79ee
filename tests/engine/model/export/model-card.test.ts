import { describe, expect, it } from 'vitest';
import { modelCard } from '../../../../src/engine/model/export/model-card.ts';
import { sampleSource } from './sample.ts';

const source = sampleSource('bert', 'text-classification');
const card = modelCard(source);

describe('modelCard', () => {
  it("opens with the Hub's front matter", () => {
    expect(card.slice(0, card.indexOf('\n---\n'))).toBe(`---
license: "apache-2.0"
library_name: transformers
pipeline_tag: text-classification
base_model: "tiny/model"
datasets:
  - "SpamAssassin-mail"
metrics:
  - f1
tags:
  - winnow
  - pruning
  - movement-pruning
  - sparse
model-index:
  - name: "Tiny \\"topK\\""
    results:
      - task:
          type: text-classification
        dataset:
          name: "SpamAssassin mail"
          type: "SpamAssassin-mail"
        metrics:
          - type: f1
            value: 0.875
            name: "eval/f1"`);
  });

  it('names the denominator of every share', () => {
    // A layer's maps: 4·16 + 2·32 = 128 weights; kept ⌈16/3⌉·4 + ⌈32/3⌉·2 = 46.
    expect(card).toContain(
      "**Of the encoder's linear maps** (six per layer; the papers' denominator): 92 of 256 (35.9 %)",
    );
    // 72 + 8 embeddings, 2·172 layers, 20 pooler, 10 classifier = 454, less 164 pruned.
    expect(card).toContain('**Of the whole model**, embeddings and head included: 290 of 454 (63.9 %) non-zero');
    expect(card).toContain('| `bert.encoder.layer.0.intermediate.dense.weight` | 8 × 4 | 11 of 32 (34.4 %) |');
  });

  it('does not promise that zeros save anything by themselves', () => {
    expect(card).toContain('By themselves zeros make neither the file smaller nor a\ndense runtime faster');
  });

  it('lists settings and metrics', () => {
    expect(card).toContain('| `pruning_method` | topK |');
    expect(card).toContain('| `learning_rate` | 0.00005 |');
    expect(card).toContain('| `eval/loss` | 0.5 |');
  });

  it('keeps a name with a bar in its cell', () => {
    const distillation = { teacher: 'a|b' };
    expect(modelCard({ ...source, spec: { ...source.spec, distillation } })).toContain('| `teacher` | a\\|b |');
  });

  it('says from how few labels, lists UDA’s settings, and shows how a mean is pooled', () => {
    const { spec } = source;
    const few_shot = { labels_per_class: 10, seed: 3 };
    const uda = { tsa: 'linear', aug_ops: 'tf_idf-0.3' };
    const training = { ...spec.training, pooling: 'mean' as const };
    const text = modelCard({ ...source, spec: { ...spec, training, few_shot, uda } });
    expect(text).toContain('on SpamAssassin mail, from 10 labels per class and unlabelled texts (UDA).');
    expect(text).toContain('| `few_shot.seed` | 3 |');
    expect(text).toContain('| `aug_ops` | tf_idf-0.3 |');
    expect(text).not.toContain('pipeline(');
  });

  it('claims no result of weights that dev selected and the folder does not hold', () => {
    const metrics = { 'test/accuracy': 0.5, 'test_selected/accuracy': 0.75 };
    const text = modelCard({ ...source, summary: { ...source.summary, metrics } });
    expect(text).toContain('name: "test/accuracy"');
    expect(text).not.toContain('name: "test_selected/accuracy"');
  });

  it('says of a dense model that it is dense', () => {
    const spec = { ...source.spec, pruning: { ...source.spec.pruning, pruning_method: 'none' } };
    const dense = modelCard({ ...source, spec, masks: new Map() });
    expect(dense).toContain('None: the model is dense.');
    expect(dense).not.toContain('masks.safetensors');
    expect(dense).not.toContain('- sparse');
  });

  it('leaves out what nobody said', () => {
    const { origin, summary } = source;
    const bare = modelCard({ ...source, origin: { ...origin, license: null }, summary: { ...summary, metrics: {} } });
    expect(bare).not.toContain('license:');
    expect(bare).not.toContain('model-index');
    expect(bare).toContain('No evaluation was run.');
  });
});

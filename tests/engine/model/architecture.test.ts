import { describe, expect, it } from 'vitest';
import { maskedMatrices, parameterShapes } from '../../../src/engine/model/architecture.ts';
import { tinyConfig } from './tiny.ts';

describe('maskedMatrices', () => {
  it('lists the six linear maps of each layer in the order of the forward pass', () => {
    const matrices = maskedMatrices(tinyConfig('bert'));
    expect(matrices).toHaveLength(12);
    expect(matrices.slice(6).map(({ name, layer, kind, rows, columns }) => [name, layer, kind, rows, columns])).toEqual(
      [
        ['bert.encoder.layer.1.attention.self.query.weight', 1, 'query', 4, 4],
        ['bert.encoder.layer.1.attention.self.key.weight', 1, 'key', 4, 4],
        ['bert.encoder.layer.1.attention.self.value.weight', 1, 'value', 4, 4],
        ['bert.encoder.layer.1.attention.output.dense.weight', 1, 'attention.output', 4, 4],
        ['bert.encoder.layer.1.intermediate.dense.weight', 1, 'intermediate', 8, 4],
        ['bert.encoder.layer.1.output.dense.weight', 1, 'output', 4, 8],
      ],
    );
  });

  it("has DistilBERT's names for the same maps", () => {
    expect(
      maskedMatrices(tinyConfig('distilbert'))
        .slice(0, 6)
        .map(({ name }) => name),
    ).toEqual(
      ['attention.q_lin', 'attention.k_lin', 'attention.v_lin', 'attention.out_lin', 'ffn.lin1', 'ffn.lin2'].map(
        (module) => `distilbert.transformer.layer.0.${module}.weight`,
      ),
    );
  });
});

describe('parameterShapes', () => {
  const count = (shapes: Map<string, readonly number[]>) =>
    [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((size, n) => size * n, 1), 0);
  // Embeddings: words 10·4, positions 6·4, norm 2·4 = 72, and BERT's types 2·4.
  // A layer: 4·(4·4+4) + (8·4+8) + (4·8+4) + 2 norms 2·2·4 = 172.
  const encoder = 72 + 2 * 172;

  it('counts BERT with pooler and classifier', () => {
    const shapes = parameterShapes(tinyConfig('bert'), 'text-classification', 3);
    expect(count(shapes)).toBe(encoder + 8 + (16 + 4) + (12 + 3));
    expect(shapes.get('bert.pooler.dense.weight')).toEqual([4, 4]);
    expect(shapes.get('classifier.weight')).toEqual([3, 4]);
  });

  it('counts BERT for spans, which has no pooler', () => {
    const shapes = parameterShapes(tinyConfig('bert'), 'question-answering', 0);
    expect(count(shapes)).toBe(encoder + 8 + (8 + 2));
    expect([...shapes.keys()].filter((name) => name.includes('pooler'))).toEqual([]);
  });

  it('counts DistilBERT with its two-layer classifier', () => {
    const shapes = parameterShapes(tinyConfig('distilbert'), 'text-classification', 2);
    expect(count(shapes)).toBe(encoder + (16 + 4) + (8 + 2));
    expect(shapes.get('pre_classifier.bias')).toEqual([4]);
  });

  it("counts RoBERTa with all its positions and a hidden map within the classifier's head", () => {
    const shapes = parameterShapes(tinyConfig('roberta'), 'text-classification', 3);
    // Two unused positions, one token type.
    expect(count(shapes)).toBe(encoder + 2 * 4 + 4 + (16 + 4) + (12 + 3));
    expect(shapes.get('roberta.embeddings.position_embeddings.weight')).toEqual([8, 4]);
    expect([...shapes.keys()].slice(-4)).toEqual([
      'classifier.dense.weight',
      'classifier.dense.bias',
      'classifier.out_proj.weight',
      'classifier.out_proj.bias',
    ]);
  });

  // Embeddings of size 2: words 10·2, positions 6·2, types 2·2, norm 2·2; mapped to 4 by 4·2 weights and 4 biases.
  const small = 20 + 12 + 4 + 4 + (8 + 4);

  it("counts ELECTRA with narrow embeddings and a hidden map within the classifier's head", () => {
    const shapes = parameterShapes(tinyConfig('electra'), 'text-classification', 3);
    expect(count(shapes)).toBe(small + 2 * 172 + (16 + 4) + (12 + 3));
    expect(shapes.get('electra.embeddings_project.weight')).toEqual([4, 2]);
    expect(shapes.get('classifier.dense.weight')).toEqual([4, 4]);
    expect(shapes.get('classifier.out_proj.weight')).toEqual([3, 4]);
  });

  it("fills in words with ELECTRA's generator, in the embeddings' size", () => {
    const shapes = parameterShapes(tinyConfig('electra'), 'fill-mask', 0);
    expect(count(shapes)).toBe(small + 2 * 172 + (8 + 2) + 4 + 10);
    expect(shapes.get('generator_predictions.dense.weight')).toEqual([2, 4]);
  });

  it('has no map where the sizes are the same', () => {
    const config = { ...tinyConfig('electra'), embeddingSize: 4 };
    expect([...parameterShapes(config, 'question-answering', 0).keys()].join()).not.toContain('embeddings_project');
  });
});

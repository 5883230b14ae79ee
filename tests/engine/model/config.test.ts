import { describe, expect, it } from 'vitest';
import { parseConfig, withLayers } from '../../../src/engine/model/config.ts';
import { bertJson, distilbertJson, electraJson, failureOf, robertaJson } from './tiny.ts';

describe('parseConfig', () => {
  it("reads BERT's names, with the library's defaults for what is missing", () => {
    expect(parseConfig(JSON.stringify({ ...bertJson, hidden_dropout_prob: 0.2 }))).toEqual({
      architecture: 'bert',
      vocabularySize: 10,
      hiddenSize: 4,
      embeddingSize: 4,
      layers: 2,
      heads: 2,
      intermediateSize: 8,
      maxPositions: 6,
      firstPosition: 0,
      typeVocabularySize: 2,
      layerNormEps: 1e-12,
      hiddenDropout: 0.2,
      attentionDropout: 0.1,
      classifierDropout: 0.2,
      activation: 'gelu',
      padTokenId: 0,
      raw: { ...bertJson, hidden_dropout_prob: 0.2 },
    });
  });

  it("reads DistilBERT's names; it has no token types", () => {
    expect(parseConfig({ ...distilbertJson, seq_classif_dropout: 0.3, activation: 'relu' })).toMatchObject({
      architecture: 'distilbert',
      hiddenSize: 4,
      layers: 2,
      intermediateSize: 8,
      typeVocabularySize: 0,
      classifierDropout: 0.3,
      activation: 'relu',
    });
  });

  it("reads RoBERTa's names; its positions begin behind the padding's id", () => {
    expect(parseConfig({ ...robertaJson, max_position_embeddings: 514 })).toMatchObject({
      architecture: 'roberta',
      typeVocabularySize: 1,
      padTokenId: 1,
      firstPosition: 2,
      maxPositions: 512,
    });
    expect(parseConfig({ ...robertaJson, pad_token_id: 3 })).toMatchObject({ firstPosition: 4, maxPositions: 4 });
  });

  it("reads ELECTRA's names, which are BERT's and the embeddings' size", () => {
    const { raw: _, ...bert } = parseConfig(bertJson);
    expect(parseConfig(electraJson)).toMatchObject({ ...bert, architecture: 'electra', embeddingSize: 2 });
  });

  const { model_type: _, ...untyped } = bertJson;
  it.each([
    ['its class', { ...untyped, architectures: ['ElectraForPreTraining'] }, 'electra'],
    ['another class', { ...untyped, architectures: ['BertModel'] }, 'bert'],
    ["BERT's sizes alone, as BERT-tiny's file", untyped, 'bert'],
  ])('knows an old file without model_type by %s', (_, json, architecture) => {
    expect(parseConfig(json).architecture).toBe(architecture);
  });

  it('keeps what it does not know, to write it back', () => {
    expect(parseConfig({ ...bertJson, initializer_range: 0.5 }).raw.initializer_range).toBe(0.5);
  });

  it.each([
    [
      'another architecture',
      { ...bertJson, model_type: 'camembert' },
      'model_type "bert", "distilbert", "roberta" or "electra", got "camembert". Choose a BERT, DistilBERT, RoBERTa or ELECTRA encoder',
    ],
    ['no architecture', { vocab_size: 10 }, 'model_type "bert", "distilbert", "roberta" or "electra", got nothing'],
    ['another class', { ...untyped, architectures: ['BertweetModel'] }, 'model_type "bert", '],
    ['another activation', { ...bertJson, hidden_act: 'silu' }, 'hidden_act: one of gelu, gelu_new, relu, got "silu"'],
    [
      'relative positions',
      { ...bertJson, position_embedding_type: 'relative_key' },
      'position_embedding_type: absolute, got "relative_key"',
    ],
    ['a decoder', { ...bertJson, is_decoder: true }, 'is_decoder: false, got true'],
    ['heads that do not divide', { ...bertJson, num_attention_heads: 3 }, 'a hidden size that 3 heads divide, got 4'],
    [
      'too few positions',
      { ...robertaJson, max_position_embeddings: 2 },
      'max_position_embeddings: more than 2, got 2',
    ],
    [
      'a missing size',
      { ...bertJson, hidden_size: undefined },
      'hidden_size: a positive integer up to 16777216, got nothing',
    ],
    ['a size of text', { ...distilbertJson, dim: '4' }, 'dim: a positive integer up to 16777216, got "4"'],
    [
      'layers without end',
      { ...bertJson, num_hidden_layers: 1e9 },
      'num_hidden_layers: 1 to 512 layers, got 1000000000',
    ],
    ['certain dropout', { ...distilbertJson, dropout: 1 }, 'dropout: a probability below 1, got 1'],
    ['text that is not JSON', '{', 'JSON, got "{"'],
    ['a list', [], 'a JSON object, got []'],
  ])('refuses %s, saying what it expected', (_, json, message) => {
    const failure = failureOf(() => parseConfig(json));
    expect(failure.code).toBe('bad-model');
    expect(failure.message).toMatch(/^config\.json: expected .+, got .+\. Choose .+\.$/);
    expect(failure.message).toContain(message);
  });
});

describe('withLayers', () => {
  it.each([
    [bertJson, 'num_hidden_layers'],
    [distilbertJson, 'n_layers'],
    [robertaJson, 'num_hidden_layers'],
    [electraJson, 'num_hidden_layers'],
  ])('follows in the field that is written back', (json, key) => {
    const config = withLayers(parseConfig(json), 1);
    expect(config.layers).toBe(1);
    expect(config.raw[key]).toBe(1);
  });
});

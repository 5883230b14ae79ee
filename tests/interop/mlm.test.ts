// Filling in words as transformers does it: loss and gradients of a batch, on the folder that would be downloaded.
import '@tensorflow/tfjs-backend-cpu';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { parameterShapes } from '../../src/engine/model/architecture.ts';
import { type ModelConfig, parseConfig } from '../../src/engine/model/config.ts';
import { buildFolder } from '../../src/engine/model/export/folder.ts';
import { createRandom } from '../../src/engine/random.ts';
import { maskBatch } from '../../src/engine/text/masking.ts';
import { createTokenizer } from '../../src/engine/text/wordpiece.ts';
import { feedsOf } from '../../src/engine/train/feeds.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { sampleSource } from '../engine/model/export/sample.ts';
import { bertJson, distilbertJson, electraJson, robertaJson } from '../engine/model/tiny.ts';
import { findPython, pythonNeeded, runPython } from './python.ts';

const hasPython = findPython() !== null;
const root = mkdtempSync(join(tmpdir(), 'winnow-mlm-'));
const sizes = { vocab_size: 40, max_position_embeddings: 16 };
const wide = { ...sizes, hidden_size: 24, num_attention_heads: 3, intermediate_size: 40 };
const models = {
  BertForMaskedLM: {
    ...{ ...bertJson, ...wide },
    // As a base model may say for its own decoder; here it is always tied.
    ...{ hidden_act: 'gelu', tie_word_embeddings: false },
  },
  DistilBertForMaskedLM: { ...distilbertJson, ...sizes, dim: 24, n_heads: 3, hidden_dim: 40, activation: 'gelu' },
  RobertaForMaskedLM: { ...robertaJson, ...wide, max_position_embeddings: 18 },
  ElectraForMaskedLM: { ...electraJson, ...wide, embedding_size: 16, hidden_act: 'gelu_new' }, // the head's is gelu
};

const python = `
import sys, json, os, torch, transformers
transformers.logging.set_verbosity_error()
folder, b = sys.argv[1], json.load(open(os.path.join(sys.argv[1], "batch.json")))
model, info = transformers.AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
model.eval()
inputs = {k: torch.tensor(b[k]) for k in ("input_ids", "attention_mask")}
if b["types"]: inputs["token_type_ids"] = torch.tensor(b["types"])
loss = model(**inputs, labels=torch.tensor(b["labels"])).loss
loss.backward()
named = dict(model.named_parameters())
print(json.dumps(dict(
    type=type(model).__name__, problems=[list(info[k]) for k in ("missing_keys", "unexpected_keys", "mismatched_keys")],
    loss=loss.item(), gradients={k: named[k].grad.flatten().tolist() for k in b["names"]})))
`;

const trained = {
  BertForMaskedLM: [
    'bert.embeddings.word_embeddings.weight',
    'bert.embeddings.LayerNorm.weight',
    'bert.encoder.layer.0.attention.self.query.weight',
    'bert.encoder.layer.1.output.dense.weight',
    'cls.predictions.transform.dense.weight',
    'cls.predictions.transform.dense.bias',
    'cls.predictions.transform.LayerNorm.weight',
    'cls.predictions.transform.LayerNorm.bias',
    'cls.predictions.bias',
  ],
  DistilBertForMaskedLM: [
    'distilbert.embeddings.word_embeddings.weight',
    'distilbert.transformer.layer.0.attention.q_lin.weight',
    'distilbert.transformer.layer.1.ffn.lin2.weight',
    'vocab_transform.weight',
    'vocab_layer_norm.weight',
    'vocab_projector.bias',
  ],
  RobertaForMaskedLM: [
    'roberta.embeddings.word_embeddings.weight',
    'roberta.embeddings.position_embeddings.weight',
    'roberta.encoder.layer.0.attention.self.query.weight',
    'roberta.encoder.layer.1.output.dense.weight',
    'lm_head.dense.weight',
    'lm_head.layer_norm.weight',
    'lm_head.bias',
  ],
  ElectraForMaskedLM: [
    'electra.embeddings.word_embeddings.weight',
    'electra.embeddings.LayerNorm.weight',
    'electra.embeddings_project.weight',
    'electra.embeddings_project.bias',
    'electra.encoder.layer.0.attention.self.query.weight',
    'electra.encoder.layer.1.output.dense.weight',
    'generator_predictions.dense.weight',
    'generator_predictions.LayerNorm.weight',
    'generator_lm_head.bias',
  ],
};

/** Weights around 0, those of LayerNorm around 1. */
function randomTensors(config: ModelConfig) {
  return new Map(
    [...parameterShapes(config, 'fill-mask', 0)].map(([name, shape], index) => {
      const random = createRandom(index);
      const centre = /norm\.weight$/i.test(name) ? 1 : 0;
      const length = shape.reduce((size, extent) => size * extent, 1);
      return [
        name,
        { shape, data: Float32Array.from({ length }, () => centre + 0.4 * (random.float() - 0.5)) },
      ] as const;
    }),
  );
}

/** Three texts of 11, 4 and 8 words; the second gives fewer of them than a text of its batch may. */
const batch = (() => {
  const random = createRandom(9);
  const features = [11, 4, 8].map((words, exampleIndex) => ({
    exampleIndex,
    label: null,
    inputIds: [2, ...Array.from({ length: words }, () => 5 + random.integer(35)), 3],
    tokenTypeIds: Array.from({ length: words + 2 }, (_, place) => (place > 3 ? 1 : 0)),
  }));
  const masking = { probability: 0.3, maskId: 4, vocabularySize: 40, seed: 6 };
  return maskBatch(features, masking, { padId: 0, maxSeqLength: 16 });
})();

function batchAsJson(names: readonly string[], hasTypes: boolean): object {
  const { batchSize, tokens, masked } = batch;
  const rows = (flat: ArrayLike<number>) =>
    Array.from({ length: batchSize }, (_, row) => Array.from(flat).slice(row * tokens, (row + 1) * tokens));
  const labels = new Int32Array(batchSize * tokens).fill(-100); // transformers' own sign for "not asked for"
  masked.labels.forEach((label, index) => {
    if (label >= 0) labels[masked.places[index]!] = label;
  });
  return {
    names,
    input_ids: rows(batch.inputIds),
    attention_mask: rows(batch.attentionMask),
    types: hasTypes ? rows(batch.tokenTypeIds) : null,
    labels: rows(labels),
  };
}

function writeFolder(kind: keyof typeof models, tensors: ReturnType<typeof randomTensors>): string {
  const config = parseConfig(models[kind]);
  const words = Array.from({ length: 40 }, (_, id) => ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'][id] ?? `w${id}`);
  const source = sampleSource(config.architecture, 'fill-mask', config);
  const tokenizer = createTokenizer({ vocabulary: words });
  const folder = join(root, kind);
  mkdirSync(folder);
  for (const { path, bytes } of buildFolder({ ...source, tensors, masks: new Map(), tokenizer })) {
    writeFileSync(join(folder, path), bytes);
  }
  const hasTypes = config.typeVocabularySize > 1;
  writeFileSync(join(folder, 'batch.json'), JSON.stringify(batchAsJson(trained[kind], hasTypes)));
  return folder;
}

async function lossAndGradients(kind: keyof typeof models, tensors: ReturnType<typeof randomTensors>) {
  const config = { ...parseConfig(models[kind]), hiddenDropout: 0, attentionDropout: 0 };
  const options = { config, labels: 0, pruning: null, samplesGates: true, temperature: null } as const;
  const program = createProgram({ ...options, task: 'fill-mask' });
  const executor = createReferenceExecutor('wasm');
  for (const [name, tensor] of tensors) executor.setParameter(name, tensor);
  const shape = { batchSize: batch.batchSize, tokens: batch.tokens, masked: batch.masked.places.length };
  const { task } = program.training(shape);
  const tokenTypeIds = batch.tokenTypeIds.map((type) => (config.typeVocabularySize > 1 ? type : 0));
  const inputs = { feeds: feedsOf({ ...batch, tokenTypeIds }), threshold: 1, seed: 0 };
  const [loss] = await executor.evaluate([program.wordLoss(shape)], inputs);
  const terms = [{ name: 'task', value: task, weight: 1 }];
  await executor.accumulate({ terms, inputs, trainable: new Set(tensors.keys()), share: 1 });
  const gradients = new Map<string, Float32Array>();
  for (const name of trained[kind]) gradients.set(name, Float32Array.from(await executor.readGradient(name)));
  executor.dispose();
  return { loss: loss![0]!, gradients };
}

interface Theirs {
  readonly type: string;
  /** Keys missing, unexpected and of another shape. */
  readonly problems: readonly (readonly string[])[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

describe.skipIf(!hasPython)(`filling in words in transformers (${hasPython ? 'oracle found' : pythonNeeded})`, () => {
  beforeAll(() => tf.setBackend('cpu'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(Object.keys(models) as (keyof typeof models)[])(
    'has the same loss and gradients, from a folder without a stray key (%s)',
    async (kind) => {
      const tensors = randomTensors(parseConfig(models[kind]));
      const theirs = JSON.parse(runPython(python, [writeFolder(kind, tensors)])) as Theirs;
      expect(theirs).toMatchObject({ type: kind, problems: [[], [], []] });
      expect([...batch.masked.labels]).toContain(-1);
      const ours = await lossAndGradients(kind, tensors);
      expect(ours.loss).toBeCloseTo(theirs.loss, 5);
      for (const [name, expected] of Object.entries(theirs.gradients)) {
        const got = ours.gradients.get(name)!;
        const largest = Math.max(...expected.map(Math.abs));
        const error = Math.max(...expected.map((value, index) => Math.abs(value - got[index]!)));
        expect(largest, name).toBeGreaterThan(1e-4);
        expect(error / largest, name).toBeLessThan(1e-4);
      }
    },
    120_000,
  );
});

// The downloaded folder, loaded by transformers, gives the logits that the page's engine gave with its masks.
import '@tensorflow/tfjs-backend-cpu';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { parameterShapes } from '../../src/engine/model/architecture.ts';
import { type ModelConfig, parseConfig } from '../../src/engine/model/config.ts';
import { buildFolder } from '../../src/engine/model/export/folder.ts';
import type { FolderSource } from '../../src/engine/model/export/source.ts';
import { type PruningMethod, scoresName } from '../../src/engine/pruning/masked-linear.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { Batch, Task } from '../../src/engine/text/types.ts';
import { createTokenizer } from '../../src/engine/text/wordpiece.ts';
import { feedsOf } from '../../src/engine/train/feeds.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { readMasks } from '../../src/worker/masks.ts';
import { sampleSource, summaryOf } from '../engine/model/export/sample.ts';
import { bertJson, distilbertJson, electraJson, robertaJson } from '../engine/model/tiny.ts';
import { findPython, pythonNeeded, runPython } from './python.ts';

const hasPython = findPython() !== null;
const root = mkdtempSync(join(tmpdir(), 'winnow-logits-'));
const TOKENS = 12;
const sizes = { vocab_size: 40, max_position_embeddings: 16 };
const bert = { ...bertJson, ...sizes, hidden_size: 24, num_attention_heads: 3, intermediate_size: 40 };
const roberta = {
  ...bert,
  ...{ model_type: robertaJson.model_type, max_position_embeddings: 18, type_vocab_size: 1, pad_token_id: 1 },
};
const electra = { ...bert, ...{ model_type: electraJson.model_type, embedding_size: 16 } };
const distilbert = { ...distilbertJson, ...sizes, dim: 24, n_heads: 3, hidden_dim: 40 };

const python = `
import sys, json, os, torch, transformers
transformers.logging.set_verbosity_error()
result = {}
for name in sys.argv[2:]:
    kind, method = name.split(".")
    model = getattr(transformers, "AutoModelFor" + kind.split("For")[1]).from_pretrained(os.path.join(sys.argv[1], name)).eval()
    batch = json.load(open(os.path.join(sys.argv[1], name, "batch.json")))
    with torch.no_grad(): out = model(**{key: torch.tensor(value) for key, value in batch.items()})
    logits = torch.cat([out.start_logits, out.end_logits]) if "start_logits" in out else out.logits
    result[name] = logits.flatten().tolist()
print(json.dumps(result))
`;

interface Model {
  readonly kind: string;
  readonly task: Task;
  readonly json: object;
  readonly method: PruningMethod;
}

const tasks = { QuestionAnswering: 'question-answering', SequenceClassification: 'text-classification' } as const;
const models: readonly Model[] = (['topK', 'magnitude', 'sigmoied_threshold', 'l0'] as const).flatMap((method) =>
  Object.entries(tasks).flatMap(([head, task]) => [
    { kind: `BertFor${head}`, task, json: bert, method },
    { kind: `DistilBertFor${head}`, task, json: distilbert, method },
    { kind: `RobertaFor${head}`, task, json: roberta, method },
    { kind: `ElectraFor${head}`, task, json: electra, method },
  ]),
);
const nameOf = ({ kind, method }: Model) => `${kind}.${method}`;

/** Two texts, the second padded; of one type where the model knows no other. */
function batchFor({ padTokenId, typeVocabularySize }: ModelConfig): Batch {
  const random = createRandom(3);
  const length = 2 * TOKENS;
  const isText = (index: number) => index < TOKENS + 7;
  const secondType = typeVocabularySize > 1 ? 1 : 0;
  return {
    batchSize: 2,
    tokens: TOKENS,
    inputIds: Int32Array.from({ length }, (_, index) => (isText(index) ? 5 + random.integer(30) : padTokenId)),
    attentionMask: Int32Array.from({ length }, (_, index) => (isText(index) ? 1 : 0)),
    tokenTypeIds: Int32Array.from({ length }, (_, index) => (index % TOKENS > 5 ? secondType : 0)),
  };
}

function writeBatch(model: Model, { inputIds, attentionMask, tokenTypeIds }: Batch): void {
  const rows = (array: Int32Array) => [0, 1].map((row) => [...array.subarray(row * TOKENS, (row + 1) * TOKENS)]);
  const hasTypes = parseConfig(model.json).typeVocabularySize > 1;
  const json = {
    input_ids: rows(inputIds),
    attention_mask: rows(attentionMask),
    ...(hasTypes ? { token_type_ids: rows(tokenTypeIds) } : {}),
  };
  writeFileSync(join(root, nameOf(model), 'batch.json'), JSON.stringify(json));
}

/** Writes the model's folder as a download would, and returns the engine's logits. */
async function exportModel(model: Model): Promise<Float32Array> {
  const { task, method } = model;
  const config = parseConfig(model.json);
  const batch = batchFor(config);
  const tensors = randomTensors(config, task);
  const program = createProgram({
    config,
    task,
    labels: 2,
    pruning: { method, isGlobal: false, regularization: null },
    samplesGates: true,
    temperature: null,
  });
  const executor = createReferenceExecutor('wasm');
  for (const [name, tensor] of tensors) executor.setParameter(name, tensor);
  for (const [index, { name, rows, columns }] of program.matrices.entries()) {
    executor.setParameter(scoresName(name), randomTensor([rows, columns], 100 + index));
  }
  const threshold = 0.5;
  const masks = await readMasks(executor, program, threshold, method === 'l0');
  const [logits] = await executor.evaluate([program.logits(batch)], { feeds: feedsOf(batch), threshold, seed: 0 });
  executor.dispose();
  writeFolder(model, sourceOf(model, tensors, masks));
  writeBatch(model, batch);
  return logits!;
}

type Tensors = FolderSource['tensors'];

function sourceOf({ task, json }: Model, tensors: Tensors, masks: Awaited<ReturnType<typeof readMasks>>): FolderSource {
  const config = parseConfig(json);
  const total = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  const words = Array.from(
    { length: config.vocabularySize },
    (_, id) => ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'][id] ?? `w${id}`,
  );
  return {
    ...sampleSource('bert', task),
    summary: summaryOf(config, total),
    task,
    config,
    tensors,
    masks: masks.bits,
    gates: masks.gates,
    tokenizer: createTokenizer({ vocabulary: words }),
    tokenizerJson: null,
    dtype: 'F32',
  };
}

function writeFolder(model: Model, source: FolderSource): void {
  for (const { path, bytes } of buildFolder(source)) {
    const target = join(root, nameOf(model), path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}

function randomTensors(config: ReturnType<typeof parseConfig>, task: Task): Tensors {
  const shapes = [...parameterShapes(config, task, 2)];
  return new Map(shapes.map(([name, shape], index) => [name, randomTensor(shape, index)]));
}

function randomTensor(shape: readonly number[], seed: number) {
  const random = createRandom(seed);
  const length = shape.reduce((size, extent) => size * extent, 1);
  return { shape, data: Float32Array.from({ length }, () => 0.8 * (2 * random.float() - 1)) };
}

describe.skipIf(!hasPython)(`an exported folder in transformers (${hasPython ? 'oracle found' : pythonNeeded})`, () => {
  const ours = new Map<string, Float32Array>();
  let theirs: Record<string, number[]>;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    for (const model of models) ours.set(nameOf(model), await exportModel(model));
    theirs = JSON.parse(runPython(python, [root, ...models.map(nameOf)])) as Record<string, number[]>;
  }, 120_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(models.map((model) => [nameOf(model)]))('%s gives the engine’s logits to 1e-4', (name) => {
    const [a, b] = [ours.get(name)!, theirs[name]!];
    expect(a.length).toBe(b.length);
    expect(Math.max(...b.map((logit, index) => Math.abs(logit - a[index]!)))).toBeLessThan(1e-4);
    expect(Math.max(...a) - Math.min(...a)).toBeGreaterThan(1e-2); // they do tell the rows apart
  });
});

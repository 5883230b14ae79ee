// UDA's trajectory against PyTorch, written there as the authors write it: one batch of labelled, original and augmented
// texts, masks and targets detached, their Adam and their learning rate.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { parameterShapes } from '../../src/engine/model/architecture.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import type { Pooling } from '../../src/engine/model/encoder.ts';
import { writeSafetensors } from '../../src/engine/model/safetensors.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { Batch } from '../../src/engine/text/types.ts';
import type { TrainingBatch } from '../../src/engine/train/feeds.ts';
import { parameterGroups } from '../../src/engine/train/parameter-groups.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { train } from '../../src/engine/train/trainer.ts';
import { bertJson, stored } from '../engine/model/tiny.ts';
import { findPython, pythonNeeded, runPython } from './python.ts';

const hasPython = findPython() !== null;
const root = mkdtempSync(join(tmpdir(), 'winnow-uda-'));
const [LABELLED, PAIRS, TOKENS, CLASSES] = [3, 4, 8, 3];
const json = {
  ...bertJson,
  ...{ vocab_size: 40, max_position_embeddings: 16, hidden_size: 24, num_attention_heads: 3, intermediate_size: 40 },
  hidden_act: 'gelu',
  pad_token_id: 0,
};
const settings = {
  ...{ steps: 6, warmup: 2, rate: 2e-3, decay: 0.01, epsilon: 1e-6 },
  ...{ temperature: 0.8, coefficient: 1.5, classes: CLASSES, labelled: LABELLED, pairs: PAIRS },
};

const python = `
import sys, json, os, math, torch, transformers
from safetensors.torch import load_file
transformers.logging.set_verbosity_error()
root, pooling, threshold = sys.argv[1], sys.argv[2], float(sys.argv[3])
config = json.load(open(os.path.join(root, "config.json")))
s = json.load(open(os.path.join(root, "settings.json")))
batches = json.load(open(os.path.join(root, "batches.json")))
for key in ("hidden_dropout_prob", "attention_probs_dropout_prob"): config[key] = 0.0
model = transformers.BertForSequenceClassification(transformers.BertConfig(**config, num_labels=s["classes"])).train()
model.load_state_dict(load_file(os.path.join(root, "model.safetensors")), strict=False)

def logits_of(b):
    ids, mask, types = (torch.tensor(b[k]) for k in ("ids", "mask", "types"))
    out = model.bert(ids, attention_mask=mask, token_type_ids=types)
    if pooling == "cls": return model.classifier(out.pooler_output)
    m = mask[..., None].float()
    return model.classifier((out.last_hidden_state * m).sum(1) / m.sum(1))

named = dict(model.named_parameters())
moments = {n: (torch.zeros_like(p), torch.zeros_like(p)) for n, p in named.items()}
history = []
for step, b in enumerate(batches):
    t = step / s["steps"]
    eta = math.exp(5 * (t - 1)) * (1 - 1 / s["classes"]) + 1 / s["classes"]
    logits = logits_of(b)
    log_probs = torch.log_softmax(logits, -1)
    B, P = s["labelled"], s["pairs"]
    own = log_probs[:B].gather(1, torch.tensor(b["labels"])[:, None])[:, 0]
    counts = 1 - (own.exp() > eta).float().detach()
    supervised = (-own * counts).sum() / torch.clamp(counts.sum(), min=1)
    original, augmented = logits[B:B + P], log_probs[B + P:]
    target = torch.log_softmax(original / s["temperature"], -1).detach()
    kept = (log_probs[B:B + P].exp().max(-1).values > threshold).float().detach()
    unsupervised = ((target.exp() * (target - augmented)).sum(-1) * kept).mean()
    loss = supervised + s["coefficient"] * unsupervised
    model.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    rate = step / s["warmup"] if step < s["warmup"] else 1 - step / s["steps"]
    with torch.no_grad():
        for n, p in named.items():
            if p.grad is None: continue
            m, v = moments[n]
            m.mul_(0.9).add_(p.grad, alpha=0.1)
            v.mul_(0.999).addcmul_(p.grad, p.grad, value=0.001)
            update = m / (v.sqrt() + s["epsilon"])
            if not ("LayerNorm" in n or n.endswith("bias")): update = update + s["decay"] * p
            p.sub_(s["rate"] * rate * update)
    history.append([supervised.item(), unsupervised.item(), counts.mean().item(), kept.mean().item(), norm.item()])
print(json.dumps({"history": history, "logits": logits_of(batches[0])[:B].flatten().tolist()}))
`;

const config = { ...parseConfig(json), hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0 };
const tensors = new Map(
  [...parameterShapes(config, 'text-classification', CLASSES)].map(([name, shape], index) => {
    const random = createRandom(index);
    const length = shape.reduce((size, extent) => size * extent, 1);
    const scale = name.includes('.encoder.') && !name.includes('LayerNorm') ? 0.1 : 1; // so that texts stay different
    return [name, { shape, data: Float32Array.from({ length }, () => scale * (2 * random.float() - 1)) }] as const;
  }),
);

function randomBatch(batchSize: number, seed: number): Batch {
  const random = createRandom(seed);
  const length = batchSize * TOKENS;
  const isText = (index: number) => index % TOKENS < 3 + (Math.floor(index / TOKENS) % 5);
  return {
    batchSize,
    tokens: TOKENS,
    inputIds: Int32Array.from({ length }, (_, index) => (isText(index) ? 5 + random.integer(35) : 0)),
    attentionMask: Int32Array.from({ length }, (_, index) => (isText(index) ? 1 : 0)),
    tokenTypeIds: new Int32Array(length),
    labels: Int32Array.from({ length: batchSize }, () => random.integer(CLASSES)),
  };
}

const batches: readonly TrainingBatch[] = Array.from({ length: settings.steps }, (_, index) => ({
  ...randomBatch(LABELLED, index),
  pairs: { original: randomBatch(PAIRS, 100 + index), augmented: randomBatch(PAIRS, 200 + index) },
}));

const texts = [...['inputIds', 'attentionMask', 'tokenTypeIds']] as ('inputIds' | 'attentionMask' | 'tokenTypeIds')[];

/** In the authors' order: labelled, original, augmented. */
function asJson(batch: TrainingBatch): object {
  const { original, augmented } = batch.pairs!;
  const rows = (key: (typeof texts)[number]) =>
    [batch, original, augmented].flatMap((part) =>
      Array.from({ length: part.batchSize }, (_, row) => [...part[key].subarray(row * TOKENS, (row + 1) * TOKENS)]),
    );
  const [ids, mask, types] = texts.map(rows);
  return { ids, mask, types, labels: [...batch.labels!] };
}

interface Trajectory {
  /** Per update: supervised and consistency loss, shares of labelled texts and of pairs, gradient norm. */
  readonly history: readonly (readonly number[])[];
  /** Of the labelled texts of the first batch, in the end. */
  readonly logits: readonly number[];
}

async function trajectory(pooling: Pooling, confidenceThreshold: number): Promise<Trajectory> {
  const executor = createReferenceExecutor('wasm');
  for (const [name, tensor] of tensors) executor.setParameter(name, tensor);
  const { temperature, coefficient } = settings;
  const program = createProgram({
    config,
    task: 'text-classification',
    labels: CLASSES,
    pruning: null,
    samplesGates: true,
    temperature: null,
    pooling,
    consistency: { temperature, confidenceThreshold },
  });
  const steps = train({
    executor,
    program,
    groups: parameterGroups({
      config,
      parameters: [...tensors.keys()],
      maskedWeights: [],
      learning: {
        learningRate: settings.rate,
        weightDecay: settings.decay,
        freezeEmbeddings: false,
        freezeWeights: false,
      },
      scores: null,
    }),
    rate: { type: 'linear_from_start', warmupSteps: settings.warmup, totalSteps: settings.steps },
    adam: { beta1: 0.9, beta2: 0.999, epsilon: settings.epsilon, correctsBias: false, maxGradNorm: 1 },
    pruning: null,
    distillation: null,
    consistency: { coefficient, annealing: 'exp', classes: CLASSES },
    seed: 1,
    updates: batches.map((batch) => [batch]),
    reportsAt: () => true,
  });
  const history: number[][] = [];
  for await (const { report } of steps) {
    const { supervised, consistency, labelledShare, pairShare } = report!.terms;
    history.push([supervised!, consistency!, labelledShare!, pairShare!, report!.gradientNorm]);
  }
  const { pairs: _, ...first } = batches[0]!;
  const feeds = { inputIds: first.inputIds, attentionMask: first.attentionMask, tokenTypeIds: first.tokenTypeIds };
  const [logits] = await executor.evaluate([program.logits(first)], { feeds, threshold: 1, seed: 0 });
  executor.dispose();
  return { history, logits: [...logits!] };
}

describe.skipIf(!hasPython)(`six updates of UDA in PyTorch (${hasPython ? 'oracle found' : pythonNeeded})`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    writeFileSync(join(root, 'config.json'), JSON.stringify(json));
    writeFileSync(join(root, 'settings.json'), JSON.stringify(settings));
    writeFileSync(join(root, 'batches.json'), JSON.stringify(batches.map(asJson)));
    const entries = new Map([...tensors].map(([name, tensor]) => [name, stored(tensor)]));
    writeFileSync(join(root, 'model.safetensors'), writeSafetensors(entries));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  // Thresholds at which the random models are sure of some pairs and not of others.
  it.each([
    ['cls', 0.85],
    ['mean', 0.52],
  ] as const)(
    'have the same losses, shares, gradients and result (%s, %f)',
    async (pooling, threshold) => {
      const theirs = JSON.parse(runPython(python, [root, pooling, `${threshold}`])) as Trajectory;
      const ours = await trajectory(pooling, threshold);
      const errors = theirs.history.flatMap((expected, step) =>
        expected.map((value, index) => Math.abs(value - ours.history[step]![index]!) / (1 + value)),
      );
      expect(Math.max(...errors)).toBeLessThan(1e-5);
      expect(Math.max(...theirs.logits.map((logit, index) => Math.abs(logit - ours.logits[index]!)))).toBeLessThan(
        1e-4,
      );
      // The settings bite: some texts and some pairs are left out on the way.
      const [labelledShares, pairShares] = [2, 3].map((index) => theirs.history.map((row) => row[index]!));
      expect(Math.min(...labelledShares!)).toBeLessThan(1);
      expect(pairShares!.some((share) => share > 0 && share < 1)).toBe(true);
    },
    120_000,
  );
});

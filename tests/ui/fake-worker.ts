// A worker that speaks the protocol and computes nothing: plausible curves on a timer, for looking at the page.
import { keptCount } from '../../src/engine/pruning/agreement.ts';
import { MaskRecorder } from '../../src/engine/pruning/mask-history.ts';
import { thresholdAt } from '../../src/engine/pruning/schedule.ts';
import type { Dataset } from '../../src/engine/text/types.ts';
import type { Comparison } from '../../src/engine/uda/comparison.ts';
import type { WorkerPort } from '../../src/runs/client.ts';
import type { ClassReport, MatrixInfo, RunEvent, RunSummary } from '../../src/runs/events.ts';
import { scheduleOf } from '../../src/runs/guard-rails.ts';
import type {
  AugmentationPreview,
  BackendStatus,
  DataDescription,
  FromWorker,
  MatrixData,
  MemoryEstimate,
  ModelDescription,
  Request,
  Responses,
  RunEvaluation,
  ToWorker,
  TriedText,
} from '../../src/runs/protocol.ts';
import type { DataChoice, ModelChoice, RunSpec } from '../../src/runs/spec.ts';
import { compareMasks } from '../../src/worker/compare-masks.ts';
import { countsOf } from '../../src/worker/data-counts.ts';
import { describeWeights } from '../../src/worker/describe-weights.ts';
import { measureData } from '../../src/worker/lengths.ts';
import { createRowReader, tokenizeRow } from '../../src/worker/rows.ts';
import { fakeDataset, fakeTokenizer } from './fake-data.ts';

interface FakeRun {
  readonly spec: RunSpec;
  readonly totalSteps: number;
  step: number;
  isPaused: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly finish: (outcome: 'done' | 'stopped') => void;
}

export interface FakeOptions {
  readonly msPerStep?: number;
  /** What reading a model or data takes. */
  readonly msPerRead?: number;
  readonly gpu?: boolean;
  /** Whether every run finds too little memory at its start. */
  readonly outOfMemory?: boolean;
}

const hidden = 96;
const trainExamples = 4200;

export function createFakeWorker({
  msPerStep = 20,
  msPerRead = 80,
  gpu = false,
  outOfMemory = false,
}: FakeOptions = {}): WorkerPort {
  const listeners: ((event: MessageEvent<FromWorker>) => void)[] = [];
  const runs = new Map<string, FakeRun>();
  const isMagnitude = (runId: string) => runs.get(runId)?.spec.pruning.pruning_method === 'magnitude';
  const say = (data: FromWorker) => {
    for (const listener of listeners) listener({ data } as MessageEvent<FromWorker>);
  };
  const paceOf = (id: number) => ({
    onProgress: (done: number, total: number) => say({ type: 'progress', id, done, total }),
    breathe: async () => void (await pause(0)),
  });
  const rowReader = createRowReader();
  const emit = (runId: string, event: RunEvent) => say({ type: 'event', runId, event });

  async function answer(request: Request, id: number): Promise<Responses[Request['type']]> {
    switch (request.type) {
      case 'initialise':
        return statusOf(gpu);
      case 'describe-model':
        await pretendToRead(id, 45.4 * 2 ** 20);
        return describeModel(request.model);
      case 'describe-data':
        await pretendToRead(id, 6.1 * 2 ** 20);
        return described(request.data).description;
      case 'read-rows':
        return rowReader.read(described(request.data).dataset, request, paceOf(id));
      case 'measure-lengths':
        return measureData(fakeTokenizer, described(request.data).dataset, paceOf(id));
      case 'tokenize-row':
        return tokenizeRow(fakeTokenizer, described(request.data).dataset.splits[request.split][request.row] ?? null);
      case 'preview-augmentation':
        return previewAugmentation(request);
      case 'count-paraphrases':
        return { made: 0, texts: trainExamples };
      case 'export-paraphrases':
        return [];
      case 'estimate-memory':
        return estimateMemory(request.spec, { statedBytes: request.statedBytes, wantsLess: request.wantsLess, gpu });
      case 'start-run':
        return start(request.runId, request.spec);
      case 'pause-run':
        return control(request.runId, (run) => {
          run.isPaused = true;
          emit(request.runId, { type: 'paused' });
        });
      case 'resume-run':
        return control(request.runId, (run) => {
          run.isPaused = false;
          emit(request.runId, { type: 'resumed' });
          tick(request.runId, run);
        });
      case 'step-run':
        return control(request.runId, (run) => advance(request.runId, run));
      case 'stop-run':
        return control(request.runId, (run) => run.finish('stopped'));
      case 'read-matrix':
        return matrixData(isMagnitude(request.runId), request.name);
      case 'try-run':
        return tryText(request, runs.get(request.runId)?.spec);
      case 'evaluate-run':
        return evaluate(request.runId, (done, total) => say({ type: 'progress', id, done, total }));
      case 'compare-masks':
        return compareMasks(readerOf(isMagnitude), { ...request, ...paceOf(id) });
      case 'describe-weights':
        return describeWeights(readerOf(isMagnitude), { ...request, ...paceOf(id) });
      case 'export-run':
        return exported(request.runId);
      case 'delete-run':
      case 'delete-checkpoints':
        return null;
      case 'tidy-checkpoints':
        return [];
      default:
        return request satisfies never;
    }
  }

  async function pretendToRead(id: number, total: number): Promise<void> {
    for (let piece = 1; piece <= 4; piece++) {
      say({ type: 'progress', id, done: (piece * total) / 4, total });
      await pause(msPerRead / 4);
    }
  }

  function control(runId: string, act: (run: FakeRun) => void): null {
    const run = runs.get(runId);
    if (run) act(run);
    return null;
  }

  async function start(runId: string, spec: RunSpec): Promise<RunSummary> {
    for (let done = 0; done < 4; done++) {
      emit(runId, { type: 'phase', phase: 'Tokenising', done, total: 4 });
      await pause(80);
    }
    emit(runId, { type: 'phase', phase: 'Tokenising', done: 4, total: 4 });
    if (outOfMemory) {
      emit(runId, { type: 'failed', error: noMemory });
      throw new Error(noMemory.message);
    }
    const { training } = spec;
    const perEpoch = Math.ceil(trainExamples / training.per_device_train_batch_size);
    const totalSteps = training.max_steps > 0 ? training.max_steps : perEpoch * training.num_train_epochs;
    emit(runId, {
      type: 'started',
      resumedAt: 0,
      totalSteps,
      backend: 'wasm',
      adapter: statusOf(gpu).adapter,
      matrices: matricesOf(spec.model.layers ?? 6),
      headSize: 32,
      parameters: 14_200_000,
      estimatedBytes: needOf(spec, gpu).totalBytes,
    });
    return new Promise((resolve) => {
      const finish = (outcome: 'done' | 'stopped') => {
        clearTimeout(run.timer);
        const summary = summaryOf(spec, run.step, totalSteps);
        emit(runId, { type: 'finished', outcome, summary, problem: null, peakBytes: memoryOf(spec).peakBytes });
        resolve(summary);
      };
      const run: FakeRun = { spec, totalSteps, step: 0, isPaused: false, timer: undefined, finish };
      runs.set(runId, run);
      tick(runId, run);
    });
  }

  function memoryOf(spec: RunSpec) {
    const peakBytes = 0.96 * needOf(spec, gpu).totalBytes;
    return { bytes: 0.94 * peakBytes, peakBytes };
  }

  function tick(runId: string, run: FakeRun): void {
    if (run.isPaused) return;
    advance(runId, run);
    if (run.step < run.totalSteps) run.timer = setTimeout(() => tick(runId, run), msPerStep);
  }

  function advance(runId: string, run: FakeRun): void {
    run.step += 1;
    emit(runId, { type: 'metrics', rows: [{ step: run.step, values: valuesAt(run) }] });
    const etaMs = (run.totalSteps - run.step) * msPerStep;
    const progress = {
      step: run.step,
      examplesPerSecond: 61.3,
      etaMs,
      tensors: 214,
      ...memoryOf(run.spec),
    };
    emit(runId, { type: 'progress', progress });
    if (run.step >= run.totalSteps) run.finish('done');
  }

  return {
    postMessage({ id, request }: ToWorker) {
      answer(request, id).then(
        (value) => setTimeout(() => say({ type: 'response', id, value }), 60),
        (error: unknown) => say({ type: 'error', id, error: { code: 'internal', message: String(error) } }),
      );
    },
    // Errors never happen to this worker: only messages are heard.
    addEventListener(type: 'message' | 'error', listener: (event: never) => void) {
      if (type === 'message') listeners.push(listener as (event: MessageEvent<FromWorker>) => void);
    },
    terminate() {
      for (const { timer } of runs.values()) clearTimeout(timer);
      listeners.length = 0;
    },
  };
}

function valuesAt({ spec, step, totalSteps }: FakeRun): Record<string, number> {
  const { training, pruning } = spec;
  const warmupSteps = training.warmup_steps || Math.ceil(totalSteps * training.warmup_ratio);
  const isDense = pruning.pruning_method === 'none';
  const kept = isDense ? 1 : thresholdAt(scheduleOf(spec, { totalSteps, warmupSteps }), step);
  const t = step / totalSteps;
  const robustness = pruning.pruning_method === 'topK' ? 0.55 : 1;
  const hurt = robustness * (1 - kept) * (0.32 * Math.exp(-(((t - 0.45) / 0.2) ** 2)) + 0.05);
  const loss = 0.68 * Math.exp(-5 * t) + 0.09 + hurt + 0.04 * noise(step, 1);
  const rate = step <= warmupSteps ? step / warmupSteps : (totalSteps - step) / (totalSteps - warmupSteps);
  const values: Record<string, number> = {
    'train/loss': loss,
    'train/task_loss': loss,
    'train/learning_rate': training.learning_rate * rate,
    'train/grad_norm': 1 + noise(step, 7),
  };
  if (!isDense) values['train/remaining'] = kept;
  if (pruning.pruning_method === 'topK') {
    values['train/mask_scores_learning_rate'] = pruning.mask_scores_learning_rate * rate;
  }
  if (spec.uda) {
    delete values['train/task_loss'];
    Object.assign(values, {
      'train/supervised_loss': loss * 0.7,
      'train/consistency_loss': loss * 0.3 * (1 - Math.exp(-6 * t)),
      'train/tsa_threshold': 1 / 6 + (5 / 6) * t,
      'train/sup_trained_ratio': Math.max(0, Math.min(1, 0.9 - 0.4 * t + 0.12 * noise(step, 8))),
      'train/high_prob_ratio': 1,
    });
  }
  if (spec.few_shot && (step % training.eval_steps === 0 || step === totalSteps)) {
    for (const [index, label] of glossLabels.entries()) {
      values[`predicted/${label}`] = 1 / 6 + (index === 0 ? 0.6 : -0.12) * Math.exp(-4 * t);
    }
    values['eval/loss'] = loss + 0.3;
  }
  if (step % training.eval_steps === 0 || step === totalSteps) {
    const quality = 0.96 - 0.42 * Math.exp(-7 * t) - 0.45 * hurt;
    const collapse = isDense ? 0 : (kept - pruning.final_threshold) * 0.5;
    values['eval/accuracy'] = quality + 0.01 * noise(step, 2);
    values['eval/f1'] = quality - 0.03 + 0.012 * noise(step, 3);
    if (!isDense) values['eval_final/accuracy'] = Math.max(0.48, quality - collapse);
  }
  return values;
}

const noise = (step: number, channel: number): number => {
  const wave = Math.sin(step * 12.9898 + channel * 78.233) * 43758.5453;
  return 2 * (wave - Math.floor(wave)) - 1;
};

function summaryOf(spec: RunSpec, step: number, totalSteps: number): RunSummary {
  const matrices = matricesOf(spec.model.layers ?? 6);
  const isDense = spec.pruning.pruning_method === 'none';
  const share = isDense ? 1 : spec.pruning.final_threshold;
  const keptByMatrix = matrices.map(({ rows, columns }) => Math.floor(rows * columns * share));
  const encoderTotal = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const encoderKept = keptByMatrix.reduce((sum, kept) => sum + kept, 0);
  const isMovement = spec.pruning.pruning_method === 'topK';
  // The fewer weights are left, the worse, and magnitude the more so; seeds differ a little.
  const hurt = (isMovement ? 0.012 : 0.05) * Math.log10(1 / share) + 0.004 * noise(spec.training.seed, 5);
  const quality = (0.97 - hurt) * (0.5 + (0.5 * step) / totalSteps);
  return {
    metrics: {
      'test/accuracy': quality,
      'test/f1': quality - 0.02,
      'test/loss': isMovement ? 0.131 : 0.204,
      'eval/accuracy': isMovement ? 0.951 : 0.934,
    },
    encoderKept,
    encoderTotal,
    keptByMatrix,
    modelNonZero: 11_900_000 + encoderKept,
    modelTotal: 11_900_000 + encoderTotal,
    classes: spec.few_shot ? classReport : null,
    elapsedMs: 94_000,
  };
}

/** Every third word replaced, as if by TF-IDF; another third with every draw. */
function previewAugmentation({
  few_shot,
  uda,
  copy,
}: Extract<Request, { type: 'preview-augmentation' }>): AugmentationPreview {
  const texts = [
    'a long slender fish of warm seas that has a sword-like upper jaw',
    'the part of a garment that is attached at the armhole and provides a cloth covering for the arm',
    'soft-shelled clam not found in the north',
  ];
  const pairs = texts.map((text): Comparison => {
    const words = text.split(' ');
    const isReplaced = (i: number) => (i + copy) % 3 === 1;
    return {
      original: words.map((word, i) => ({ text: word, change: isReplaced(i) ? 'replaced' : 'none' })),
      augmented: words.map((word, i) =>
        isReplaced(i) ? { text: `word${i}`, change: 'replaced' } : { text: word, change: 'none' },
      ),
    };
  });
  const labelled = 6 * (few_shot?.labels_per_class ?? 4);
  return { labelled, unlabelled: trainExamples - labelled, warnings: [], pairs: uda ? pairs : [] };
}

const glossLabels = ['animal', 'artifact', 'food', 'location', 'person', 'plant'];

const classReport: ClassReport = {
  split: 'test',
  labels: glossLabels,
  confusion: glossLabels.map((_, truth) =>
    glossLabels.map((__, predicted) => (truth === predicted ? 360 - 20 * truth : 10 + 3 * truth + 5 * predicted)),
  ),
  errors: Array.from({ length: 8 }, (_, index) => ({
    id: `${index}`,
    text: 'soft-shelled clam not found in the north, eaten raw or steamed by those who live on the coast of Florida',
    label: 0,
    predicted: 2,
    probability: 0.991 - 0.02 * index,
  })),
};

const noMemory = {
  code: 'out-of-memory',
  message:
    'WebGPU: expected its commands to be carried out, got "Out of memory". Choose settings that need less: ' +
    'a smaller batch with accumulation, recomputed activations, fewer tokens.',
} as const;

interface FakeMachine {
  readonly wantsLess: boolean;
  readonly statedBytes: number | null;
  readonly gpu: boolean;
}

/** A BERT-base of two layers, roughly: what grows with the batch, and what does not. */
function estimateMemory(spec: RunSpec, machine: FakeMachine): MemoryEstimate {
  const limitBytes = machine.gpu ? machine.statedBytes : 2 ** 32;
  const { bytesByKind, totalBytes } = needOf(spec, machine.gpu);
  const { per_device_train_batch_size: batch, gradient_accumulation_steps: accumulation } = spec.training;
  const halved = [1, 2, 4, 8, 16].filter((by) => batch % by === 0);
  const choices = halved.flatMap((by) =>
    [false, true].map((gradient_checkpointing) => {
      const training = {
        per_device_train_batch_size: batch / by,
        per_device_eval_batch_size: spec.training.per_device_eval_batch_size,
        gradient_accumulation_steps: accumulation * by,
        gradient_checkpointing,
        fp16: spec.training.fp16,
      };
      const need = needOf({ ...spec, training: { ...spec.training, ...training } }, machine.gpu);
      return { training, totalBytes: need.totalBytes };
    }),
  );
  const fits = limitBytes === null || totalBytes <= limitBytes;
  const smaller = choices.filter((choice) => choice.totalBytes < Math.min(totalBytes, limitBytes ?? totalBytes));
  return {
    backend: machine.gpu ? 'webgpu' : 'wasm',
    bytesByKind,
    totalBytes,
    limitBytes,
    largestBuffer: machine.gpu ? { bytes: bytesByKind.activations / 8, limitBytes: 2 ** 31 } : null,
    disk: { checkpointBytes: 4 * totalBytes, finalBytes: totalBytes, mostBytes: 12 * totalBytes },
    fits,
    choices: fits && !machine.wantsLess ? [] : smaller.slice(0, 3),
  };
}

function needOf({ training, pruning, model }: RunSpec, gpu: boolean) {
  const layers = model.layers ?? 6;
  const half = training.fp16 && gpu ? 0.5 : 1;
  const weights = 4 * 1_774_464 * layers;
  const hasScores = pruning.pruning_method !== 'none' && pruning.pruning_method !== 'magnitude';
  const learning = weights * (hasScores ? 2 : 1);
  const perLayer = training.per_device_train_batch_size * training.max_seq_length * 384 * 4 * 34 * half;
  const bytesByKind = {
    weights: 4 * 11_900_000 + weights,
    scores: hasScores ? weights : 0,
    gradients: learning,
    moments: 2 * learning,
    masks: hasScores ? weights / 32 : 0,
    activations: training.gradient_checkpointing ? perLayer * (1 + layers / 34) : perLayer * layers,
    teacher: 0,
    other: 800_000,
  };
  return { bytesByKind, totalBytes: Object.values(bytesByKind).reduce((sum, bytes) => sum + bytes, 0) };
}

const statusOf = (gpu: boolean): BackendStatus =>
  gpu
    ? {
        backend: 'webgpu',
        adapter: 'NVIDIA RTX 4070',
        tier: 'shared tiles 64×64 of 8×8, 7.5 TFLOP/s',
        isSoftware: false,
        note: '',
        available: ['webgpu', 'wasm'],
      }
    : {
        backend: 'wasm',
        adapter: 'WebAssembly, 2 threads',
        tier: '',
        isSoftware: true,
        note: 'WebGPU offers only a software adapter here (SwiftShader), which is slower than WebAssembly.',
        available: ['webgpu', 'wasm'],
      };

function matricesOf(layers: number): readonly MatrixInfo[] {
  return Array.from({ length: layers }, (_, layer) => {
    const prefix = `bert.encoder.layer.${layer}`;
    const square = { layer, rows: hidden, columns: hidden };
    return [
      { ...square, name: `${prefix}.attention.self.query.weight`, kind: 'query' },
      { ...square, name: `${prefix}.attention.self.key.weight`, kind: 'key' },
      { ...square, name: `${prefix}.attention.self.value.weight`, kind: 'value' },
      { ...square, name: `${prefix}.attention.output.dense.weight`, kind: 'attention.output' },
      { layer, name: `${prefix}.intermediate.dense.weight`, kind: 'intermediate', rows: 4 * hidden, columns: hidden },
      { layer, name: `${prefix}.output.dense.weight`, kind: 'output', rows: hidden, columns: 4 * hidden },
    ] satisfies readonly MatrixInfo[];
  }).flat();
}

const describeModel = ({ layers }: ModelChoice): ModelDescription => ({
  name: 'all-MiniLM-L6-v2',
  architecture: 'BERT',
  layers: layers ?? 6,
  availableLayers: 6,
  hiddenSize: 384,
  heads: 12,
  vocabularySize: 30_522,
  parameters: 11_900_000 + (layers ?? 6) * 1_774_464,
  matrices: matricesOf(layers ?? 6),
  unusedKeys: ['embeddings.position_ids'],
  newKeys: ['classifier.weight', 'classifier.bias'],
});

const dataSets = new Map<string, { readonly description: DataDescription; readonly dataset: Dataset }>();

function described(choice: DataChoice) {
  const key = JSON.stringify(choice);
  const known = dataSets.get(key);
  if (known) return known;
  const about = describeData(choice.kind === 'embedded' ? choice.id : 'files', choice.slices.train);
  const dataset = fakeDataset(about);
  const made = { dataset, description: { ...about, ...countsOf(dataset) } };
  dataSets.set(key, made);
  return made;
}

function describeData(id: string, train: string): Omit<DataDescription, 'balance' | 'answers' | 'inTrain'> {
  const counts = { train: train === 'train' ? trainExamples : 288, dev: 600, test: 1200 };
  if (id === 'wordnet-qa') {
    return {
      name: 'WordNet QA',
      task: 'question-answering',
      labels: [],
      counts,
      unfiltered: null,
      note: 'Constructed from WordNet 3.1 by a script: contexts are glosses, questions are templates. Not written by people.',
      columns: ['title', 'question', 'context', 'answers'],
      preview: [
        {
          title: 'sieve',
          question: 'What is a sieve used for?',
          context: 'A sieve is a strainer for separating lumps from powdered material.',
          answers: 'separating lumps',
        },
      ],
    };
  }
  if (id === 'wordnet-glosses') {
    return {
      name: 'WordNet glosses',
      task: 'text-classification',
      labels: glossLabels,
      counts,
      unfiltered: null,
      note: 'Definitions of nouns by the kind of thing that they define, as WordNet’s lexicographers filed them.',
      columns: ['text', 'label'],
      preview: [{ text: 'common European chat with black plumage and a reddish-brown breast', label: 'animal' }],
    };
  }
  return {
    name: 'SpamAssassin',
    task: 'text-classification',
    labels: ['ham', 'spam'],
    counts,
    unfiltered: null,
    note: 'Public mail corpus of Apache SpamAssassin, 2002 to 2005; duplicates dropped and headers stripped.',
    columns: ['text', 'label'],
    preview: [
      {
        text: 'Hi all, does anyone know how to make procmail deliver into a folder per list? I have tried the recipe from the manual page but everything still ends up in the inbox.',
        label: 'ham',
      },
      {
        text: 'CONGRATULATIONS!! You have been selected for our 0% mortgage programme. Reply within 24 hours to claim your rate, no obligation, no credit check.',
        label: 'spam',
      },
      {
        text: 'On Tue, Jul 23, 2002 Robert wrote: the patch applies cleanly against current CVS but the test for nested MIME parts still fails here.',
        label: 'ham',
      },
    ],
  };
}

function matrixData(isMagnitude: boolean, name: string): MatrixData {
  const info = matricesOf(6).find((matrix) => matrix.name === name)!;
  const size = info.rows * info.columns;
  const pretrained = Float32Array.from({ length: size }, (_, i) => 0.04 * (noise(i, 1) + noise(i, 2) + noise(i, 3)));
  const finetuned = pretrained.map((value, i) => value + 0.012 * noise(i, 4));
  const scores = isMagnitude
    ? null
    : finetuned.map(
        (value, i) => 0.4 * noise(i, 5) + 0.4 * noise(Math.floor(i / info.columns), 6) + 4 * Math.abs(value),
      );
  const decides = scores ?? finetuned.map(Math.abs);
  const cutOff = isMagnitude ? 0.062 : 0.75;
  const recorder = new MaskRecorder({ sizes: [size], totalSteps: RECORDS, budgetBytes: 1e7 });
  const mask = new Uint8Array(Math.ceil(size / 8));
  for (let record = 1; record <= RECORDS; record++) {
    const left = 1 - record / RECORDS;
    mask.fill(0);
    decides.forEach((value, i) => {
      if (value > cutOff * (1 - 3 * left ** 3 + 0.1 * left * noise(i, record))) mask[i >> 3]! |= 1 << (i & 7);
    });
    recorder.record(record, [mask]);
  }
  return { info, pretrained, finetuned, mask, kept: keptCount(mask, size), scores, history: recorder.histories()[0]! };
}

const RECORDS = 30;

const readerOf = (isMagnitude: (runId: string) => boolean) => ({
  read: async (runId: string, name: string) => matrixData(isMagnitude(runId), name),
  namesOf: async () => matricesOf(2).map(({ name }) => name),
  forget: () => undefined,
});

function tryText({ first, second }: { first: string; second: string }, spec: RunSpec | undefined): TriedText {
  const seed = first.length + (spec?.name.length ?? 0);
  if (spec?.data.kind === 'embedded' && spec.data.id === 'wordnet-qa') {
    const from = Math.max(0, second.indexOf(' ', seed % second.length) + 1);
    const text = second.slice(from, from + 12);
    return { kind: 'question-answering', text, span: [from, from + text.length], probability: 0.61, ms: 21.4 };
  }
  const spam = 0.5 + 0.48 * Math.sin(seed);
  return { kind: 'text-classification', labels: ['ham', 'spam'], probabilities: [1 - spam, spam], ms: 12.3 };
}

async function evaluate(runId: string, onProgress: (done: number, total: number) => void): Promise<RunEvaluation> {
  for (let done = 0; done <= 320; done += 32) {
    onProgress(done, 320);
    await pause(20);
  }
  const judgements = Array.from({ length: 320 }, (_, index) => {
    const expected = index % 3 === 0 ? 'spam' : 'ham';
    const isRight = noise(index, runId.charCodeAt(1) % 7) < 0.8;
    const predicted = isRight ? expected : expected === 'spam' ? 'ham' : 'spam';
    return { id: String(index), text: `Message ${index} about the list archive`, expected, predicted, isRight };
  });
  const accuracy = judgements.filter(({ isRight }) => isRight).length / 320;
  return { metrics: { loss: 0.31, accuracy, f1: accuracy - 0.04 }, judgements, ms: 840 };
}

function exported(runId: string) {
  const zip = new Uint8Array(24 * 2 ** 20);
  return {
    fileName: `winnow-${runId.slice(0, 4)}.zip`,
    zip,
    verifiedZeros: 199_066,
    summary: {
      metrics: {},
      encoderKept: 22118,
      encoderTotal: 221184,
      keptByMatrix: [],
      modelNonZero: 0,
      modelTotal: 1,
      classes: null,
      elapsedMs: 0,
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// What the worker does for each request. One run at a time owns the engine; reading finished runs goes on beside it.

import { WinnowError } from '../engine/error.ts';
import { type Backend, openBackend } from '../engine/gpu/backend.ts';
import { createExecutor } from '../engine/gpu/create-executor.ts';
import { describeTier } from '../engine/gpu/plan/calibrate.ts';
import type { MemoryTarget } from '../engine/train/memory.ts';
import { loadData } from '../hub/data-source.ts';
import type { RequestOf } from '../runs/client.ts';
import type { RunEvent, RunSummary, RunWarning } from '../runs/events.ts';
import { freeBytesNow } from '../runs/guard-rails-disk.ts';
import type {
  BackendPreference,
  BackendStatus,
  MemoryEstimate,
  ReportBytes,
  Request,
  Responses,
} from '../runs/protocol.ts';
import type { DataChoice, ModelChoice } from '../runs/spec.ts';
import { evaluateRun, tryRun } from './ask.ts';
import { createBreath } from './breath.ts';
import { recallCalibration } from './calibration-store.ts';
import { deleteCheckpoints, loadCheckpoint, saveCheckpoint, tidyCheckpoints } from './checkpoint-store.ts';
import { compareMasks } from './compare-masks.ts';
import { describeData, describeModel } from './describe.ts';
import { describeWeights } from './describe-weights.ts';
import { estimateRun } from './estimate.ts';
import { exportRun } from './export.ts';
import { createFinishedModels } from './finished-model.ts';
import { loadTokenizer } from './inputs.ts';
import { keepLatest } from './keep-latest.ts';
import { createKnownInputs } from './known-inputs.ts';
import { measureData } from './lengths.ts';
import { createMatrixReader } from './matrix.ts';
import { countParaphrases, exportParaphrases } from './paraphrases.ts';
import { previewAugmentation } from './preview.ts';
import { createRowReader, tokenizeRow } from './rows.ts';
import { executeRun } from './run.ts';
import { deleteArtefact, saveRun } from './run-store.ts';

export interface SessionOutput {
  event(runId: string, event: RunEvent): void;
  deviceLost(message: string): void;
}

interface ActiveRun {
  readonly id: string;
  isPaused: boolean;
  isStopped: boolean;
  /** Updates that a paused run may still make. */
  allowance: number;
  isWaiting: boolean;
  wake: () => void;
}

export interface Session {
  handle(request: Request, onProgress: ReportBytes): Promise<Responses[Request['type']]>;
}

export function createSession(output: SessionOutput): Session {
  const matrices = createMatrixReader();
  const breathe = createBreath();
  const known = createKnownInputs();
  const openData = keepLatest((choice: DataChoice) => loadData(choice));
  const openTokenizer = keepLatest((choice: ModelChoice) => loadTokenizer(choice));
  const rows = createRowReader();
  const finishedModels = createFinishedModels(() => {
    if (!backend) throw notOpen('try-run');
    return createExecutor(backend);
  });
  let backend: Backend | null = null;
  /** Why the GPU is gone, and who waits for it in vain. */
  let lostBecause: string | null = null;
  let breakOff: (error: WinnowError) => void = () => undefined;
  let active: ActiveRun | null = null;
  /** A run that starts meanwhile waits for its end. */
  let tidying: Promise<readonly string[]> = Promise.resolve([]);
  /** What WebGPU reported outside a promise; results after it cannot be trusted. */
  let gpuProblem: WinnowError | null = null;

  /** One after the other: two at once would leave tfjs on the backend of one and the session with the other's. */
  let opening: Promise<unknown> = Promise.resolve();

  function initialise(preference: BackendPreference): Promise<BackendStatus> {
    const next = opening.then(() => open(preference));
    opening = next.catch(() => undefined); // whoever asked hears of it
    return next;
  }

  async function open(preference: BackendPreference): Promise<BackendStatus> {
    if (active) throw busy('choosing another backend');
    finishedModels.dropAll();
    backend = await openBackend({
      preference,
      wasmFolder: new URL(`${import.meta.env.BASE_URL}wasm/`, self.location.href).href,
      onGpuError: (message, isOutOfMemory) => {
        gpuProblem ??= gpuError(message, isOutOfMemory);
      },
      recall: recallCalibration,
    });
    lostBecause = null;
    const opened = backend;
    void opened.lost.then((message) => {
      if (opened !== backend) return;
      lostBecause = message;
      breakOff(deviceLost(message));
      output.deviceLost(message);
    });
    const { name, adapter, tier, calibration, isSoftware, note, available } = backend;
    return { backend: name, adapter, tier: tier ? describeTier(tier, calibration) : '', isSoftware, note, available };
  }

  async function measure({ model, data }: RequestOf<'measure-lengths'>, onProgress: ReportBytes) {
    const [tokenizer, { dataset }] = [await openTokenizer(model), await openData(data)];
    return measureData(tokenizer, dataset, { onProgress, breathe });
  }

  async function tokenize({ model, data, split, row }: RequestOf<'tokenize-row'>) {
    const [tokenizer, { dataset }] = [await openTokenizer(model), await openData(data)];
    return tokenizeRow(tokenizer, dataset.splits[split][row] ?? null);
  }

  async function estimate({
    spec,
    ...options
  }: Extract<Request, { type: 'estimate-memory' }>): Promise<MemoryEstimate> {
    if (!backend) throw notOpen('estimate-memory');
    const { max_seq_length: tokens } = spec.training;
    const layout = {
      spec,
      blueprint: await known.blueprint(spec),
      // Texts are not read for this: each may be as long as texts may be.
      tokens: { training: tokens, evaluation: tokens },
      teacher: await known.teacher(spec),
      target: memoryTarget(backend),
    };
    return estimateRun(layout, { ...options, breathe });
  }

  async function startRun({ runId, spec, sources }: RequestOf<'start-run'>): Promise<RunSummary> {
    if (!backend) throw notOpen('start-run');
    if (active) throw busy('starting another run');
    const run: ActiveRun = {
      id: runId,
      isPaused: false,
      isStopped: false,
      allowance: 0,
      isWaiting: false,
      wake: () => undefined,
    };
    active = run;
    gpuProblem = null;
    try {
      await tidying.catch(() => []); // whoever asked hears of it
      const found = await loadCheckpoint(runId);
      const { name, adapter } = backend;
      const events = executeRun(spec, {
        backend: name,
        adapter,
        sources,
        createExecutor: (options) => createExecutor(backend as Backend, options),
        memoryTarget: memoryTarget(backend),
        isStopped: () => run.isStopped,
        isPaused: () => run.isPaused,
        resumes: found.checkpoint,
        freeBytes: freeBytesNow,
        save: (checkpoint) => saveCheckpoint(runId, checkpoint),
        breathe,
      });
      return await drive(run, events, found.damaged);
    } catch (error) {
      throw await lossBehind(error);
    } finally {
      active = null;
    }
  }

  /**
   * Pulls a run to its end. `finished` is held back until the artefact is on disk, so that what is done can be read. Its
   * checkpoints stay: they go when the page has kept that it is done.
   */
  async function drive(
    run: ActiveRun,
    events: ReturnType<typeof executeRun>,
    damaged: readonly number[],
  ): Promise<RunSummary> {
    let finished: RunEvent | null = null;
    for (;;) {
      const { done, value } = await unlessLost(events.next());
      if (gpuProblem !== null) throw gpuProblem;
      if (done) {
        await saveRun(run.id, value);
        if (finished) output.event(run.id, finished);
        return value.summary;
      }
      if (value === 'step') await gate(run);
      else if (value.type === 'finished') finished = value;
      else output.event(run.id, value);
      if (value !== 'step' && value.type === 'started' && damaged.length > 0) {
        output.event(run.id, { type: 'warning', warning: olderCheckpoint(damaged, value.resumedAt) });
      }
    }
  }

  function tidy(runIds: readonly string[]): Promise<readonly string[]> {
    if (active) return Promise.resolve([]); // the next visit tidies
    tidying = tidyCheckpoints(runIds);
    return tidying;
  }

  /** What a lost GPU was asked for may never be answered. */
  function unlessLost<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      breakOff = reject;
      work.then(resolve, reject);
    });
  }

  /** A lost GPU shows as many an error, often before it is said to be lost. */
  async function lossBehind(error: unknown): Promise<unknown> {
    await Promise.race([backend?.lost, new Promise((resolve) => setTimeout(resolve, LOSS_SHOWS_WITHIN_MS))]);
    return lostBecause === null ? error : deviceLost(lostBecause);
  }

  async function gate(run: ActiveRun): Promise<void> {
    if (run.allowance > 0 && --run.allowance === 0) output.event(run.id, { type: 'paused' });
    if (!run.isPaused || run.allowance > 0) return;
    run.isWaiting = true;
    await new Promise<void>((resolve) => {
      run.wake = resolve;
    });
    run.isWaiting = false;
  }

  function withActive(runId: string, change: (run: ActiveRun) => void): null {
    if (active?.id === runId) {
      change(active);
      active.wake();
    }
    return null; // a run that has just ended needs nothing more
  }

  function handle(
    request: Request,
    onProgress: ReportBytes,
  ): Promise<Responses[Request['type']]> | Responses[Request['type']] {
    switch (request.type) {
      case 'initialise':
        return initialise(request.backend);
      case 'describe-model':
        return describeModel(request.model, { known, onProgress });
      case 'describe-data':
        return describeData(request.data, { known, previewRows: request.previewRows, onProgress });
      case 'read-rows':
        return openData(request.data).then(({ dataset }) => rows.read(dataset, request, { onProgress, breathe }));
      case 'measure-lengths':
        return measure(request, onProgress);
      case 'tokenize-row':
        return tokenize(request);
      case 'preview-augmentation':
        return previewAugmentation(request, onProgress);
      case 'count-paraphrases':
        return countParaphrases(request);
      case 'export-paraphrases':
        return exportParaphrases(request);
      case 'estimate-memory':
        return estimate(request);
      case 'start-run':
        return startRun(request);
      case 'pause-run':
        if (active?.id === request.runId && !active.isPaused) {
          active.isPaused = true;
          output.event(request.runId, { type: 'paused' });
        }
        return null;
      case 'resume-run':
        return withActive(request.runId, (run) => {
          run.isPaused = false;
          run.allowance = 0;
          output.event(run.id, { type: 'resumed' });
        });
      case 'step-run':
        return withActive(request.runId, (run) => {
          run.isPaused = true;
          run.allowance = run.isWaiting ? 1 : 2; // the update under way does not count
        });
      case 'stop-run':
        return withActive(request.runId, (run) => {
          run.isStopped = true;
          run.isPaused = false;
        });
      case 'read-matrix':
        return matrices.read(request.runId, request.name);
      case 'try-run':
        return tryRun(finishedModels, request);
      case 'evaluate-run':
        return evaluateRun(finishedModels, request, { onProgress, breathe });
      case 'compare-masks':
        return compareMasks(matrices, { left: request.left, right: request.right, onProgress, breathe });
      case 'describe-weights':
        return describeWeights(matrices, { runId: request.runId, name: request.name, onProgress, breathe });
      case 'export-run':
        return exportRun(request.runId, request.dtype);
      case 'delete-run':
        matrices.forget(request.runId);
        finishedModels.drop(request.runId);
        return Promise.all([deleteArtefact(request.runId), deleteCheckpoints(request.runId)]).then(() => null);
      case 'delete-checkpoints':
        if (active?.id === request.runId) throw busy('deleting its checkpoints');
        return deleteCheckpoints(request.runId).then(() => null);
      case 'tidy-checkpoints':
        return tidy(request.runIds);
      default:
        return request satisfies never;
    }
  }

  return { handle: async (request, onProgress) => handle(request, onProgress) };
}

const LOSS_SHOWS_WITHIN_MS = 500;

const deviceLost = (message: string): WinnowError =>
  new WinnowError('device-lost', `WebGPU: expected the graphics processor to stay, got "${message}".`);

function olderCheckpoint(damaged: readonly number[], step: number): RunWarning {
  const from = step > 0 ? `It went on from step ${step}` : 'It began anew';
  return {
    code: 'older-checkpoint',
    message: `The checkpoint of step ${damaged.join(' and that of step ')} was damaged or gone. ${from}.`,
  };
}

/** Invalid commands yield zeros in silence: better no result than such a one. */
function gpuError(message: string, isOutOfMemory: boolean): WinnowError {
  const remedy = isOutOfMemory
    ? 'Choose settings that need less: a smaller batch with accumulation, recomputed activations, fewer tokens.'
    : 'Choose WebAssembly instead.';
  return new WinnowError(
    isOutOfMemory ? 'out-of-memory' : 'internal',
    `WebGPU: expected its commands to be carried out, got "${message.split('\n')[0]}". ${remedy}`,
  );
}

const notOpen = (request: Request['type']): WinnowError =>
  new WinnowError('internal', `${request}: expected an open backend, got none. Reload the page.`);

function memoryTarget({ device, tier, threads }: Backend): MemoryTarget {
  return device && tier
    ? { backend: 'webgpu', tier, precision: 'f32', limits: device.limits }
    : { backend: 'wasm', threads };
}

function busy(action: string): WinnowError {
  return new WinnowError('bad-settings', `${action}: expected no run under way, got one. Stop it or wait for its end.`);
}

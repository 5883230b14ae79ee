// What the worker does for each request. One run at a time owns the engine; reading finished runs goes on beside it.

import { WinnowError } from '../engine/error.ts';
import { type Backend, openBackend } from '../engine/gpu/backend.ts';
import { createExecutor } from '../engine/gpu/create-executor.ts';
import { describeTier } from '../engine/gpu/plan/calibrate.ts';
import { maskedMatrices } from '../engine/model/architecture.ts';
import { parseConfig } from '../engine/model/config.ts';
import type { MemoryTarget } from '../engine/train/memory.ts';
import { type DataOptions, loadData } from '../hub/data-source.ts';
import type { RunEvent, RunSummary } from '../runs/events.ts';
import type {
  BackendPreference,
  BackendStatus,
  DataDescription,
  ModelDescription,
  ReportBytes,
  Request,
  Responses,
} from '../runs/protocol.ts';
import type { DataChoice, ModelChoice, RunSpec } from '../runs/spec.ts';
import { createBreath } from './breath.ts';
import { recallCalibration } from './calibration-store.ts';
import { exportRun } from './export.ts';
import { loadModel } from './inputs.ts';
import { createMatrixReader } from './matrix.ts';
import { previewAugmentation } from './preview.ts';
import { executeRun } from './run.ts';
import { deleteArtefact, saveArtefact } from './run-store.ts';

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
  wake: () => void;
}

export interface Session {
  handle(request: Request, onProgress: ReportBytes): Promise<Responses[Request['type']]>;
}

export function createSession(output: SessionOutput): Session {
  const matrices = createMatrixReader();
  const breathe = createBreath();
  let backend: Backend | null = null;
  let active: ActiveRun | null = null;
  /** What WebGPU reported outside a promise; results after it cannot be trusted. */
  let gpuProblem: string | null = null;

  async function initialise(preference: BackendPreference): Promise<BackendStatus> {
    if (active) throw busy('choosing another backend');
    backend = await openBackend({
      preference,
      wasmFolder: new URL(`${import.meta.env.BASE_URL}wasm/`, self.location.href).href,
      onGpuError: (message) => {
        gpuProblem ??= message;
      },
      recall: recallCalibration,
    });
    void backend.lost.then((message) => output.deviceLost(message));
    const { name, adapter, tier, calibration, isSoftware, note, available } = backend;
    return { backend: name, adapter, tier: tier ? describeTier(tier, calibration) : '', isSoftware, note, available };
  }

  async function startRun(runId: string, spec: RunSpec): Promise<RunSummary> {
    if (!backend) throw new WinnowError('internal', 'start-run: expected an open backend, got none. Reload the page.');
    if (active) throw busy('starting another run');
    const run: ActiveRun = { id: runId, isPaused: false, isStopped: false, allowance: 0, wake: () => undefined };
    active = run;
    gpuProblem = null;
    try {
      const { name, adapter } = backend;
      const events = executeRun(spec, {
        backend: name,
        adapter,
        createExecutor: (options) => createExecutor(backend as Backend, options),
        memoryTarget: memoryTarget(backend),
        isStopped: () => run.isStopped,
        isPaused: () => run.isPaused,
        breathe,
      });
      return await drive(run, events);
    } finally {
      active = null;
    }
  }

  /** Pulls a run to its end. `finished` is held back until the artefact is on disk, so that what is done can be read. */
  async function drive(run: ActiveRun, events: ReturnType<typeof executeRun>): Promise<RunSummary> {
    let finished: RunEvent | null = null;
    for (;;) {
      const { done, value } = await events.next();
      if (gpuProblem !== null) throw gpuError(gpuProblem);
      if (done) {
        await saveArtefact(run.id, value);
        if (finished) output.event(run.id, finished);
        return value.summary;
      }
      if (value === 'step') await gate(run);
      else if (value.type === 'finished') finished = value;
      else output.event(run.id, value);
    }
  }

  async function gate(run: ActiveRun): Promise<void> {
    if (run.allowance > 0 && --run.allowance === 0) output.event(run.id, { type: 'paused' });
    if (!run.isPaused || run.allowance > 0) return;
    await new Promise<void>((resolve) => {
      run.wake = resolve;
    });
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
        return describeModel(request.model, onProgress);
      case 'describe-data':
        return describeData(request.data, { previewRows: request.previewRows, onProgress });
      case 'preview-augmentation':
        return previewAugmentation(request, onProgress);
      case 'start-run':
        return startRun(request.runId, request.spec);
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
          run.allowance = 1;
        });
      case 'stop-run':
        return withActive(request.runId, (run) => {
          run.isStopped = true;
          run.isPaused = false;
        });
      case 'read-matrix':
        return matrices.read(request.runId, request.name);
      case 'export-run':
        return exportRun(request.runId, request.dtype);
      case 'delete-run':
        matrices.forget(request.runId);
        return deleteArtefact(request.runId).then(() => null);
      default:
        return request satisfies never;
    }
  }

  return { handle: async (request, onProgress) => handle(request, onProgress) };
}

/** Invalid commands yield zeros in silence: better no result than such a one. */
function gpuError(message: string): WinnowError {
  const isMemory = /out of memory/i.test(message);
  const remedy = isMemory
    ? 'Lower the batch size or the tokens, or choose fewer layers.'
    : 'Choose WebAssembly instead.';
  return new WinnowError(
    isMemory ? 'out-of-memory' : 'internal',
    `WebGPU: expected its commands to be carried out, got "${message.split('\n')[0]}". ${remedy}`,
  );
}

function memoryTarget({ device, tier, threads }: Backend): MemoryTarget {
  return device && tier
    ? { backend: 'webgpu', tier, precision: 'f32', limits: device.limits }
    : { backend: 'wasm', threads };
}

function busy(action: string): WinnowError {
  return new WinnowError('bad-settings', `${action}: expected no run under way, got one. Stop it or wait for its end.`);
}

async function describeModel(choice: ModelChoice, onProgress: ReportBytes): Promise<ModelDescription> {
  const { files, checkpoint } = await loadModel({
    choice,
    task: 'text-classification',
    labels: 2,
    seed: 0,
    onProgress,
  });
  const { config, tensors, unusedKeys, newKeys } = checkpoint;
  let parameters = 0;
  for (const { data } of tensors.values()) parameters += data.length;
  return {
    name: files.name,
    architecture: config.architecture,
    layers: config.layers,
    availableLayers: parseConfig(files.config).layers,
    hiddenSize: config.hiddenSize,
    heads: config.heads,
    vocabularySize: config.vocabularySize,
    parameters,
    matrices: maskedMatrices(config),
    unusedKeys,
    newKeys,
  };
}

async function describeData(choice: DataChoice, options: DataOptions): Promise<DataDescription> {
  const { dataset, name, note, columns, preview } = await loadData(choice, options);
  const { train, dev, test } = dataset.splits;
  return {
    name,
    task: dataset.kind,
    labels: dataset.kind === 'text-classification' ? dataset.labels : [],
    counts: { train: train.length, dev: dev.length, test: test.length },
    note,
    columns,
    preview,
  };
}

// Which device computes. WebGPU first, on a device that we create with all the adapter offers and hand to tfjs;
// WebAssembly where there is no adapter, or only a software one (measured: several times faster than such an adapter).
import '@tensorflow/tfjs-backend-wasm';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type CpuKernels, openCpuKernels } from '../cpu/open.ts';
import { WinnowError } from '../error.ts';
import { type Kernels, plainKernels } from './kernels.ts';
import { type Calibration, calibrate, KERNELS_VERSION } from './plan/calibrate.ts';
import { QUAD_TIER, SOFTWARE_TIER, type Tier } from './plan/tier.ts';

export type BackendName = 'webgpu' | 'wasm';

export interface Backend {
  readonly name: BackendName;
  /** "NVIDIA …", "SwiftShader (software)", "WebAssembly, 4 threads, relaxed SIMD". */
  readonly adapter: string;
  readonly isSoftware: boolean;
  /** Why not the other backend, in words for the user; empty when the first choice was had. */
  readonly note: string;
  readonly available: readonly BackendName[];
  /** The fastest kernels here for the op-by-op engine. */
  readonly kernels: Kernels;
  /** Of WebAssembly, which compute together; 0 where plans run on a GPU. */
  readonly threads: number;
  /** Where plans run; null for WebAssembly. */
  readonly device: GPUDevice | null;
  /** How the plans' kernels are cut to the adapter; null for WebAssembly. */
  readonly tier: Tier | null;
  /** What led to the tier; null where there was nothing to choose. */
  readonly calibration: Calibration | null;
  /** Resolves if the device is lost; never for WebAssembly. */
  readonly lost: Promise<string>;
}

export interface BackendOptions {
  readonly preference: 'auto' | BackendName;
  /** Folder of tfjs's .wasm files, with a slash at the end. */
  readonly wasmFolder: string;
  /** Called for every error that WebGPU reports outside a promise, such as invalid WGSL. */
  readonly onGpuError: (message: string, isOutOfMemory: boolean) => void;
  /** Gives the calibration made before under this key, which names adapter and kernels; makes it where there is none. */
  readonly recall?: (key: string, make: () => Promise<Calibration>) => Promise<Calibration>;
}

export async function openBackend(options: BackendOptions): Promise<Backend> {
  const adapter = await requestAdapter();
  const available: readonly BackendName[] = adapter ? ['webgpu', 'wasm'] : ['wasm'];
  const isSoftware = adapter !== null && isSoftwareAdapter(adapter.info);
  if (options.preference === 'webgpu' && !adapter) {
    throw new WinnowError(
      'bad-settings',
      'WebGPU: expected an adapter, got none. Choose WebAssembly, or a browser and machine with WebGPU.',
    );
  }
  const usesGpu = adapter && (options.preference === 'webgpu' || (options.preference === 'auto' && !isSoftware));
  return usesGpu
    ? openWebGpu(adapter, options, available)
    : openWasm(options, available, noteOf(options.preference, adapter !== null, isSoftware));
}

function noteOf(preference: BackendOptions['preference'], hasAdapter: boolean, isSoftware: boolean): string {
  if (preference === 'wasm') return '';
  if (!hasAdapter)
    return 'This browser offers no WebGPU adapter, so training runs on the processor: slower, same results.';
  if (isSoftware) return 'The only WebGPU adapter here is software, so training runs on WebAssembly, which is faster.';
  return '';
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  if (typeof navigator === 'undefined' || !navigator.gpu) return null;
  return navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
}

const isSoftwareAdapter = ({ vendor, architecture, description, device }: GPUAdapterInfo): boolean =>
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test([vendor, architecture, description, device].join(' '));

const WANTED_FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
] as const;

/** tfjs forgets a lost device's factory, so each device registers under a name of its own (see TRAPS of tfjs). */
let devices = 0;

async function openWebGpu(
  adapter: GPUAdapter,
  options: BackendOptions,
  available: readonly BackendName[],
): Promise<Backend> {
  const device = await adapter.requestDevice({
    requiredFeatures: (WANTED_FEATURES as readonly string[]).filter((feature) =>
      adapter.features.has(feature),
    ) as GPUFeatureName[],
    requiredLimits: Object.fromEntries(WANTED_LIMITS.map((limit) => [limit, adapter.limits[limit] ?? 0])),
  });
  device.addEventListener('uncapturederror', ({ error }) =>
    options.onGpuError(error.message, error instanceof GPUOutOfMemoryError),
  );
  const name = devices++ === 0 ? 'webgpu' : `webgpu-${devices}`;
  if (name !== 'webgpu') copyKernels('webgpu', name);
  tf.removeBackend(name);
  tf.registerBackend(name, () => new WebGPUBackend(device, adapter.info));
  await activate(name);
  const isSoftware = isSoftwareAdapter(adapter.info);
  const lost = device.lost.then(({ reason, message }) => `${reason}: ${message}`);
  const calibration = isSoftware ? null : await calibrationOf(device, adapter.info, options.recall);
  return {
    name: 'webgpu',
    threads: 0,
    device,
    tier: calibration?.tier ?? softwareTier(device, adapter.info),
    calibration,
    adapter: adapterName(adapter.info, isSoftware),
    isSoftware,
    note: '',
    available,
    kernels: plainKernels,
    lost,
  };
}

/** Kernels number lanes by `subgroup_id`, which came to WGSL later than subgroups. */
const canUseSubgroups = (device: GPUDevice): boolean =>
  device.features.has('subgroups') && navigator.gpu.wgslLanguageFeatures.has('subgroup_id');

function softwareTier(device: GPUDevice, { subgroupMinSize, subgroupMaxSize }: GPUAdapterInfo): Tier {
  const hasQuads = canUseSubgroups(device) && subgroupMinSize === 4 && subgroupMaxSize === 4;
  return hasQuads ? QUAD_TIER : SOFTWARE_TIER;
}

function calibrationOf(
  device: GPUDevice,
  info: GPUAdapterInfo,
  recall: NonNullable<BackendOptions['recall']> = (_key, make) => make(),
): Promise<Calibration> {
  const { vendor, architecture, device: model, description, subgroupMinSize } = info;
  const key = [vendor, architecture, model, description, `kernels ${KERNELS_VERSION}`].join('/');
  return recall(key, () => calibrate(device, canUseSubgroups(device) ? (subgroupMinSize ?? null) : null));
}

function copyKernels(from: string, to: string): void {
  for (const kernel of tf.getKernelsForBackend(from)) tf.registerKernel({ ...kernel, backendName: to });
}

function adapterName(info: GPUAdapterInfo, isSoftware: boolean): string {
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return isSoftware ? `${name} (software)` : name;
}

/** Lives as long as tfjs's memory: for good. */
let cpu: CpuKernels | null = null;

async function openWasm(options: BackendOptions, available: readonly BackendName[], note: string): Promise<Backend> {
  const wanted = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  setWasmPaths(options.wasmFolder);
  setThreadsCount(1); // the threads are for our kernels; tfjs's would spin beside them
  await activate('wasm');
  cpu ??= await openCpuKernels({ threads: wanted, load: (file) => fetchBytes(options.wasmFolder + file) });
  const { threads, isRelaxed, kernels } = cpu ?? { threads: wanted, isRelaxed: false, kernels: plainKernels };
  return {
    name: 'wasm',
    threads,
    device: null,
    tier: null,
    calibration: null,
    adapter: wasmName(threads, isRelaxed),
    isSoftware: false,
    note,
    available,
    kernels,
    lost: new Promise(() => undefined),
  };
}

function wasmName(threads: number, isRelaxed: boolean): string {
  const count = threads === 1 ? '1 thread' : `${threads} threads`;
  return ['WebAssembly', count, ...(isRelaxed ? ['relaxed SIMD'] : [])].join(', ');
}

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (response.ok) return response.arrayBuffer();
  throw new WinnowError(
    'internal',
    `${address}: expected the kernels, got status ${response.status}. Reload the page.`,
  );
}

async function activate(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) {
    throw new WinnowError('internal', `${name}: expected the backend to start, it did not. Reload the page.`);
  }
  await tf.ready();
}

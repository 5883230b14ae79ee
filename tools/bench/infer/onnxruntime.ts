// ONNX Runtime Web as a rival, set up as its documentation advises. Of its builds the fastest for each provider:
// `wasm` for the processor; `webgpu`, whose kernels took half the time of the default build's on a software adapter.
// Its graph capture is not used: replays of an encoder fail (onnxruntime issue 29594).
import type * as OnnxRuntime from 'onnxruntime-web/webgpu';
import type { Workload } from '../workload.ts';
import { bertOnnx, type Dialect } from './bert-onnx.ts';
import type { InferBackend, Inference } from './inference.ts';

export interface OnnxRuntimeOptions {
  readonly backend: InferBackend;
  readonly workload: Workload;
  readonly dialect: Dialect;
  readonly threads: number;
  /** Address of its `dist`, with a slash at the end: its threads must find its files as its authors built them. */
  readonly folder: string;
}

export async function createOnnxRuntimeInference(options: OnnxRuntimeOptions): Promise<Inference> {
  const { backend, workload, dialect, threads, folder } = options;
  const { config, tensors, batch } = workload;
  const ort: typeof OnnxRuntime = await import(/* @vite-ignore */ `${folder}ort.${backend}.bundle.min.mjs`);
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(bertOnnx({ config, tensors, shape: batch, dialect }), {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
  });
  const tensor = (data: Int32Array) => new ort.Tensor('int32', data, [batch.batchSize, batch.tokens]);
  return {
    device: backend === 'webgpu' ? nameOf(await ort.env.webgpu.device) : `WebAssembly, ${threads} threads`,
    async run() {
      const { logits } = await session.run({
        inputIds: tensor(batch.inputIds),
        tokenTypeIds: tensor(batch.tokenTypeIds),
        attentionMask: tensor(batch.attentionMask),
      });
      return (await logits!.getData()) as Float32Array;
    },
  };
}

const nameOf = ({ adapterInfo }: GPUDevice): string =>
  adapterInfo.description || `${adapterInfo.vendor} ${adapterInfo.architecture}`;

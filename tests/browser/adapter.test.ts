// The ground the other browser tests stand on: a real adapter that computes, and an isolated page.
import { describe, expect, it } from 'vitest';

const addition = /* wgsl */ `
  @group(0) @binding(0) var<storage, read_write> values: array<f32>;
  @compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) {
    values[id.x] = values[id.x] + 10.0;
  }`;

async function addTen(device: GPUDevice, input: Float32Array<ArrayBuffer>): Promise<Float32Array> {
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const values = device.createBuffer({ size: input.byteLength, usage: STORAGE | COPY_DST | COPY_SRC });
  const result = device.createBuffer({ size: input.byteLength, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(values, 0, input);
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: addition }) },
  });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: values } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(values, 0, result, 0, input.byteLength);
  device.queue.submit([encoder.finish()]);
  await result.mapAsync(GPUMapMode.READ);
  return new Float32Array(result.getMappedRange()).slice();
}

describe('the test browser', () => {
  it('has a WebGPU adapter whose compute shaders compute', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    expect(adapter).not.toBeNull();
    const device = await adapter!.requestDevice();
    expect([...(await addTen(device, new Float32Array([1, 2, 3, 4])))]).toEqual([11, 12, 13, 14]);
    device.destroy();
  });

  it('is cross-origin isolated, so that wasm may use threads', () => {
    expect(crossOriginIsolated).toBe(true);
  });

  it('is served the wasm binaries of tfjs from its own origin', async () => {
    const response = await fetch('/wasm/tfjs-backend-wasm-threaded-simd.wasm');
    expect(response.headers.get('content-type')).toBe('application/wasm');
    expect([...new Uint8Array(await response.arrayBuffer()).subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
  });
});

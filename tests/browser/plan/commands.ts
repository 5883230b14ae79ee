import type { DeviceGpu } from '../../../src/engine/gpu/plan/device-gpu.ts';
import type { Command } from '../../../src/engine/gpu/plan/shader.ts';
import { Storage } from '../../../src/engine/gpu/plan/storage.ts';

/** Runs a command whose bindings all have their buffers. */
export async function runOnce(gpu: DeviceGpu, command: Command): Promise<void> {
  const bind = await gpu.prepare([command]);
  const dispatches = bind(({ home }) => {
    if (home instanceof Storage) throw new Error(`${command.label}: expected buffers, got storage without one`);
    return home;
  });
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindGroup, workgroups } of dispatches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...workgroups);
  }
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
}

// A helper thread: the kernels on the same memory, and nothing but jobs until it is terminated.
import { type HelperStart, instantiate, JobBoard } from './job.ts';

self.onmessage = async ({ data }: MessageEvent<HelperStart>) => {
  const { module, memory, board, thread } = data;
  const { kernels } = await instantiate(module, memory);
  self.postMessage('ready');
  new JobBoard(memory, board, kernels, thread).serve();
};

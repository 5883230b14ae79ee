// Counts what a page asks of WebGPU, whoever asks, and hears what WebGPU refuses. It can let dispatches compute nothing:
// what is left of a step then is the cost of its calls.

export interface GpuTraffic {
  readonly dispatches: number;
  readonly submits: number;
  /** Copies between buffers and mappings: what a read-back consists of. */
  readonly copies: number;
  readonly mappings: number;
}

export interface GpuWatch {
  /** Since the page was opened. */
  counts(): GpuTraffic;
  setEmptyDispatches(isEmpty: boolean): void;
  /** Throws if WebGPU has refused anything: it goes on with zeros, which take no time to compute. */
  assertNoErrors(): void;
}

/** Call once, before any device is made. */
export function watchGpu(): GpuWatch {
  const counts = { dispatches: 0, submits: 0, copies: 0, mappings: 0 };
  const errors: string[] = [];
  let isEmpty = false;
  if (typeof GPUQueue !== 'undefined') {
    wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', function (original, sizes) {
      counts.dispatches++;
      return isEmpty ? original.call(this, 0, 0, 0) : original.apply(this, sizes);
    });
    wrap(GPUAdapter.prototype, 'requestDevice', async function (original, values) {
      const device = (await original.apply(this, values)) as GPUDevice;
      device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
      return device;
    });
    wrap(GPUQueue.prototype, 'submit', counted('submits'));
    wrap(GPUCommandEncoder.prototype, 'copyBufferToBuffer', counted('copies'));
    wrap(GPUBuffer.prototype, 'mapAsync', counted('mappings'));
  }
  function counted(key: keyof typeof counts): Replacement<object> {
    return function (original, values) {
      counts[key]++;
      return original.apply(this, values);
    };
  }
  return {
    counts: () => ({ ...counts }),
    setEmptyDispatches(value) {
      isEmpty = value;
    },
    assertNoErrors() {
      if (errors.length > 0) throw new Error(`WebGPU: expected no errors, got ${errors.length}: ${errors[0]}`);
    },
  };
}

export const trafficBetween = (before: GpuTraffic, after: GpuTraffic): GpuTraffic => ({
  dispatches: after.dispatches - before.dispatches,
  submits: after.submits - before.submits,
  copies: after.copies - before.copies,
  mappings: after.mappings - before.mappings,
});

type Method<This> = (this: This, ...values: unknown[]) => unknown;
type Replacement<This> = (this: This, original: Method<This>, values: unknown[]) => unknown;

/** Puts `replacement` in front of a method for all objects of a class. */
function wrap<This extends object>(prototype: This, name: keyof This & string, replacement: Replacement<This>): void {
  const original = prototype[name] as Method<This>;
  Object.assign(prototype, {
    [name](this: This, ...values: unknown[]) {
      return replacement.call(this, original, values);
    },
  });
}

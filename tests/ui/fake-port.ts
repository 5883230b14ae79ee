// A worker that does nothing but say what it is made to say: for stores whose orders each have a worker of their own.

export interface FakePort<Report> {
  postMessage(order: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Report>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
  report(report: Report): void;
  readonly isTerminated: boolean;
}

export function createFakePort<Report>(): FakePort<Report> {
  const listeners: ((event: MessageEvent<Report>) => void)[] = [];
  let isTerminated = false;
  return {
    postMessage: () => undefined,
    addEventListener(type: 'message' | 'error', listener: (event: never) => void) {
      if (type === 'message') listeners.push(listener as (event: MessageEvent<Report>) => void);
    },
    terminate() {
      isTerminated = true;
    },
    report(report) {
      for (const listener of listeners) listener({ data: report } as MessageEvent<Report>);
    },
    get isTerminated() {
      return isTerminated;
    },
  };
}

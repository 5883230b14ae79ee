// The locks and the channel that the tabs of one browser share, in memory.
import type { TabChannel, TabLocks, TabMessage } from '../../../src/notebook/tabs/tab.ts';

export interface FakeTab {
  readonly locks: TabLocks;
  readonly channel: TabChannel;
  /** The tab is gone: it lets go of what it held or waited for, and hears and says nothing more. */
  close(): void;
}

interface Claim {
  readonly owner: object;
  readonly grant: () => Promise<unknown>;
  readonly end: (value: unknown) => void;
}

/** `pass` decides when a message or a lock comes: by default soon, in order. */
export function createFakeBrowser(pass: () => Promise<unknown> = async () => undefined): { open(): FakeTab } {
  const ears = new Map<object, ((event: MessageEvent<TabMessage>) => void)[]>();
  let holder: Claim | null = null;
  let queue: Claim[] = [];

  function settle(): void {
    const [next] = queue;
    if (holder || !next) return;
    holder = next;
    queue = queue.slice(1);
    void hold(next);
  }

  async function hold(claim: Claim): Promise<void> {
    await pass();
    if (holder !== claim) return; // its tab was closed meanwhile
    const value = await claim.grant();
    if (holder !== claim) return;
    holder = null;
    claim.end(value);
    settle();
  }

  return {
    open() {
      const owner = {};
      ears.set(owner, []);
      return {
        locks: {
          request: (_name, { ifAvailable = false }, use) =>
            new Promise((end) => {
              const isFree = !holder && queue.length === 0;
              if (ifAvailable && !isFree) return end(use(null));
              queue.push({ owner, end, grant: async () => use({} as Lock) });
              settle();
            }),
        },
        channel: {
          postMessage(message) {
            const data = structuredClone(message);
            const others = [...ears].filter(([ear]) => ear !== owner && ears.has(owner)).map(([ear]) => ear);
            void pass().then(() => {
              for (const ear of others) {
                for (const hear of ears.get(ear) ?? []) hear({ data } as MessageEvent<TabMessage>);
              }
            });
          },
          addEventListener: (_type, listener) => void ears.get(owner)?.push(listener),
        },
        close() {
          ears.delete(owner);
          queue = queue.filter((claim) => claim.owner !== owner);
          if (holder?.owner === owner) holder = null;
          settle();
        },
      };
    },
  };
}

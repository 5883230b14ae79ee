// Three tabs and a record in storage. Whatever is done in them, and in whatever order messages, locks and writes come: one
// tab at a time writes, what it was told is saved stays, and as long as a tab is open one of them works.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTab, type Tab } from '../../../src/notebook/tabs/tab.ts';
import { createFakeBrowser } from './browser.ts';

const actions = fc.array(
  fc.record({ at: fc.nat(2), kind: fc.constantFrom('edit', 'edit', 'ask', 'wait', 'wait', 'wait', 'busy', 'close') }),
  { minLength: 20, maxLength: 40 },
);

it('no write of a tab meets another tab’s, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), actions, async (scheduler, steps) => {
      const pass = () => scheduler.schedule(Promise.resolve());
      const browser = createFakeBrowser(pass);
      const storage = createStorage(pass);
      const opened = [0, 1, 2].map(() => browser.open());
      const opening = Promise.all(opened.map((options) => openTab(options)));
      await scheduler.waitFor(opening);
      const tabs = new Map((await opening).entries());
      for (const [step, { at, kind }] of steps.entries()) {
        const tab = tabs.get(at);
        if (kind === 'wait' && scheduler.count() > 0) await scheduler.waitOne();
        if (!tab) continue;
        if (kind === 'edit') await storage.edit(tab, step);
        if (kind === 'ask') tab.ask();
        if (kind === 'busy') tab.beforeLeaving(async () => (step % 2 ? 'A run is under way' : null));
        if (kind === 'close' && !storage.isBusy(tab)) {
          opened[at]!.close();
          tabs.delete(at);
        }
      }
      await scheduler.waitIdle();
      expect(storage.clashes).toEqual([]);
      expect(storage.record).toBe(storage.acknowledged);
      const types = [...tabs.values()].map((tab) => tab.getState().type).filter((type) => type !== 'left');
      expect(types.filter((type) => type === 'works')).toHaveLength(types.length > 0 ? 1 : 0);
    }),
    { numRuns: 200 },
  );
});

/** One record. A write takes a while, and a tab's own come one after the other. */
function createStorage(pass: () => Promise<unknown>) {
  const writers = new Set<Tab>();
  const storage = {
    record: -1,
    acknowledged: -1,
    clashes: [] as number[],
    isBusy: (tab: Tab) => writers.has(tab),
    async edit(tab: Tab, text: number): Promise<void> {
      if (writers.has(tab)) return;
      const mayWrite = ['works', 'leaves'].includes(tab.getState().type);
      const written = tab.write('notebooks', async () => {
        if (writers.size > 0) storage.clashes.push(text);
        writers.add(tab);
        for (let turns = 0; turns < 4; turns++) await pass();
        storage.record = text;
        writers.delete(tab);
      });
      if (!mayWrite) return expect(written).rejects.toThrow('This tab only watches');
      void written.then(() => {
        storage.acknowledged = text;
      });
    },
  };
  return storage;
}

import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { emptyNotebook } from '../../../src/notebook/document.ts';
import { newEntry, openNotebookRepository } from '../../../src/notebook/library/repository.ts';
import { createNotebookStore } from '../../../src/notebook/store.ts';
import { sharedNotebooks, sharedRuns, tellRuns, underWay } from '../../../src/notebook/tabs/shared.ts';
import { openTab, type Tab, type TabMessage } from '../../../src/notebook/tabs/tab.ts';
import { createWatchedLibrary } from '../../../src/notebook/tabs/watched-library.ts';
import { createWatchedRuns } from '../../../src/notebook/tabs/watched-runs.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import { packSeries } from '../../../src/runs/metrics.ts';
import type { RunStatus } from '../../../src/runs/reducer.ts';
import type { RunRecord } from '../../../src/runs/repository.ts';
import { runOfCell } from '../run-records.ts';
import { createFakeBrowser } from './browser.ts';

const works = { type: 'works' };
const watches = { type: 'watches', request: { type: 'none' } };
const runOf = (cellId: string, status: RunStatus) => runOfCell(magnitudeOrMovement('quick'), cellId, { status });
const turn = () => new Promise((resolve) => setTimeout(resolve));

async function openTabs(count: number, browser = createFakeBrowser()) {
  const opened = Array.from({ length: count }, () => browser.open());
  const tabs = await Promise.all(opened.map((options) => openTab({ ...options, answerMs: 20 })));
  return { tabs, closers: opened.map(({ close }) => close) };
}

const typesOf = (tabs: readonly Tab[]) => tabs.map((tab) => tab.getState().type);
const countWorking = (tabs: readonly Tab[]) =>
  typesOf(tabs).filter((type) => type === 'works' || type === 'leaves').length;

describe('tabs of one browser', () => {
  it('opened at the same moment: one works, the others watch', async () => {
    const { tabs } = await openTabs(3);
    expect(tabs.map((tab) => tab.getState())).toEqual([works, watches, watches]);
  });

  it('all work where the browser has no locks', async () => {
    const { channel } = createFakeBrowser().open();
    expect((await openTab({ locks: undefined, channel })).getState()).toEqual(works);
  });

  it('pass the work on when the one that works is closed, crashed or not', async () => {
    const { tabs, closers } = await openTabs(3);
    closers[0]!();
    await turn();
    expect(typesOf(tabs.slice(1))).toEqual(['works', 'watches']);
  });

  it('give the work to the one that asks, also before one that has waited longer', async () => {
    const { tabs, closers } = await openTabs(4);
    tabs[2]!.ask();
    expect(tabs[2]!.getState()).toEqual({ type: 'watches', request: { type: 'asked' } });
    await turn();
    expect(typesOf(tabs)).toEqual(['left', 'watches', 'works', 'watches']);
    closers[2]!();
    await turn();
    expect(countWorking([tabs[1]!, tabs[3]!])).toBe(1);
  });

  it('pass the work to any other when the heir is gone before it has the lock', async () => {
    const { tabs, closers } = await openTabs(3);
    tabs[0]!.beforeLeaving(async () => {
      closers[2]!();
      return null;
    });
    tabs[2]!.ask();
    await turn();
    expect(typesOf(tabs.slice(0, 2))).toEqual(['left', 'works']);
  });

  it('keep their places while one has something under way, and say what', async () => {
    const { tabs, closers } = await openTabs(3);
    tabs[0]!.beforeLeaving(async () => 'A run is under way');
    tabs[2]!.ask();
    await turn();
    const refused = { type: 'refused', reason: 'A run is under way' };
    expect(tabs.map((tab) => tab.getState())).toEqual([works, watches, { type: 'watches', request: refused }]);
    closers[0]!();
    await turn();
    expect(typesOf(tabs.slice(1))).toEqual(['works', 'watches']);
  });

  it('stay where saving before the handover fails', async () => {
    const { tabs } = await openTabs(2);
    tabs[0]!.beforeLeaving(() => Promise.reject(new Error('The disk is full')));
    tabs[1]!.ask();
    await turn();
    expect(tabs[1]!.getState()).toMatchObject({ request: { type: 'refused', reason: 'Error: The disk is full' } });
    expect(tabs[0]!.getState()).toEqual(works);
  });

  it('say so when the one that works does not answer', async () => {
    const browser = createFakeBrowser();
    browser.open().locks.request('winnow', {}, () => new Promise(() => undefined)); // it hangs
    const { tabs } = await openTabs(1, browser);
    tabs[0]!.ask();
    await vi.waitFor(() => expect(tabs[0]!.getState()).toMatchObject({ request: { type: 'unanswered' } }));
  });
});

describe('writing', () => {
  it('is refused in a tab that watches, before anything is written', async () => {
    const { tabs } = await openTabs(2);
    const act = vi.fn(async () => undefined);
    await expect(tabs[1]!.write('runs', act)).rejects.toThrow('This tab only watches');
    expect(act).not.toHaveBeenCalled();
  });

  it('under way is waited for before the work passes on, and refused after it', async () => {
    const { tabs } = await openTabs(2);
    let end: () => void = () => undefined;
    const slow = tabs[0]!.write(
      'runs',
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    tabs[1]!.ask();
    await turn();
    expect(typesOf(tabs)).toEqual(['leaves', 'watches']);
    end();
    await slow;
    await turn();
    expect(typesOf(tabs)).toEqual(['left', 'works']);
    await expect(tabs[0]!.write('runs', async () => undefined)).rejects.toThrow('This tab only watches');
  });

  it('is told to the tabs that watch once it is done', async () => {
    const { tabs } = await openTabs(2);
    const heard: TabMessage[] = [];
    tabs[1]!.onMessage((message) => heard.push(message));
    await tabs[0]!.write('notebooks', async () => undefined);
    await turn();
    expect(heard).toEqual([{ type: 'saved', part: 'notebooks' }]);
  });
});

describe('a tab that watches', () => {
  let databases = 0;

  async function openPair() {
    const { tabs } = await openTabs(2);
    const name = `watched-${databases++}`;
    const own = sharedNotebooks(openNotebookRepository(name), tabs[0]!);
    const notebook = createNotebookStore(emptyNotebook);
    const library = createWatchedLibrary({ notebook, repository: openNotebookRepository(name) });
    const entry = newEntry({ id: 'a', title: 'one', now: 5 });
    await own.add(entry, { ...emptyNotebook, title: 'one' });
    await library.load();
    await library.open('a');
    const title = () => notebook.getState().history.present.title;
    return { tabs, own, notebook, library, title, name, entry };
  }

  it('shows what the other saves, when it reads again', async () => {
    const { tabs, own, library, title } = await openPair();
    tabs[1]!.onMessage(() => void library.readAgain());
    await own.save('a', { ...emptyNotebook, title: 'two' }, 5);
    await vi.waitFor(() => expect(title()).toBe('two'));
    expect(library.getState().entries).toMatchObject([{ title: 'two' }]);
  });

  it('leaves storage as it is, whatever is pressed: it is not even marked as opened', async () => {
    const { tabs, library, name, entry } = await openPair();
    await library.create({ ...emptyNotebook, title: 'of a link' });
    expect(library.isStored()).toBe(false);
    for (const press of [
      () => library.rename('a', 'x'),
      () => library.duplicate('a'),
      () => library.bin('a', true),
      () => library.remove('a'),
      () => library.restore(emptyNotebook),
      () => sharedNotebooks(openNotebookRepository(name), tabs[1]!).remove('a'),
    ]) {
      await expect(press()).rejects.toThrow('This tab only watches');
    }
    library.leave();
    await library.flush();
    const stored = openNotebookRepository(name);
    expect(await stored.entries()).toEqual([entry]);
    expect(await stored.versions('a')).toEqual([{ at: 5, document: { ...emptyNotebook, title: 'one' } }]);
  });

  it('shows a run that is under way there as under way, with the points that are stored', async () => {
    const points = new Map([['train/loss', [{ step: 1, value: 0.5 }]]]);
    const run = { ...runOf('magnitude', 'running'), rowCount: 1 };
    const records: RunRecord[] = [{ run, series: packSeries(points) }];
    const repository = { load: async () => records };
    const runs = createWatchedRuns(repository);
    await runs.load();
    const progress = { step: 9, examplesPerSecond: 1, etaMs: 1, tensors: 1, bytes: 1, peakBytes: 1 };
    const queued = runOf('movement', 'queued');
    runs.hear([{ ...run, rowCount: 9, progress }, queued]);
    expect(runs.getState().runs[run.id]).toEqual({ ...run, progress });
    expect(runs.getState().runs[queued.id]).toEqual(queued);
    expect(runs.pointsOf(run.id, 'train/loss')).toEqual([{ step: 1, value: 0.5 }]);
    records[0] = { ...records[0]!, run: { ...run, status: 'done' } };
    runs.hear([]);
    await runs.load();
    expect(Object.values(runs.getState().runs)).toMatchObject([{ status: 'done' }]);
    expect(() => runs.remove(run.id)).toThrow('This tab only watches');
  });
});

describe('the tab that works', () => {
  it('tells of its pending runs only where a tab watches, and not at every report', async () => {
    const { tabs } = await openTabs(2);
    const run = runOf('magnitude', 'running');
    const runs = { getState: () => ({ runs: { [run.id]: run } }), subscribe: vi.fn() };
    tellRuns(tabs[0]!, runs, 5);
    const report = runs.subscribe.mock.calls[0]![0] as () => void;
    const heard: TabMessage[] = [];
    tabs[1]!.onMessage((message) => heard.push(message));
    report();
    await turn();
    expect(heard).toEqual([]);
    tabs[1]!.tell({ type: 'watching' });
    await turn();
    expect(heard).toEqual([{ type: 'pending', runs: [run] }]);
    for (let reports = 0; reports < 10; reports++) report();
    await vi.waitFor(() => expect(heard).toHaveLength(2));
  });

  it('cannot leave while it computes or fetches', () => {
    const none = { isTranslating: false, isFetching: false };
    expect(underWay([runOf('magnitude', 'paused')], none)).toBe('A run is under way');
    expect(underWay([runOf('magnitude', 'queued')], none)).toBe('A run is under way');
    expect(underWay([], { ...none, isTranslating: true })).toBe('A translation is under way');
    expect(underWay([], { ...none, isFetching: true })).toBe('A download is under way');
    expect(underWay([runOf('magnitude', 'done')], none)).toBeNull();
  });

  it('saves its runs and says so', async () => {
    const { tabs } = await openTabs(2);
    const saved: RunRecord[] = [];
    const repository = {
      load: async () => [],
      ids: async () => [],
      save: async (record: RunRecord) => void saved.push(record),
      remove: async () => undefined,
    };
    const record = { run: runOf('magnitude', 'done'), series: {} };
    await sharedRuns(repository, tabs[0]!).save(record);
    await expect(sharedRuns(repository, tabs[1]!).save(record)).rejects.toThrow('This tab only watches');
    expect(saved).toEqual([record]);
  });
});

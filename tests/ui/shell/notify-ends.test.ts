import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import type { Run } from '../../../src/runs/reducer.ts';
import type { RunsState } from '../../../src/runs/store.ts';
import { createNotifyStore, type Notifier, watchEnds } from '../../../src/ui/shell/notify-ends.ts';
import { recordOf, runOfCell } from '../../notebook/run-records.ts';

function setUp(answer: NotificationPermission, permission: NotificationPermission = 'default') {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  const notifier = {
    permission,
    requestPermission: vi.fn(async () => {
      notifier.permission = answer;
      return answer;
    }),
  } satisfies Notifier;
  return { storage, notifier, store: createNotifyStore(storage, notifier) };
}

describe('notifications', () => {
  it('are asked for by the choice, not on opening, and remembered', async () => {
    const { store, storage, notifier } = setUp('granted');
    expect([store.getState().type, notifier.requestPermission.mock.calls.length]).toEqual(['off', 0]);
    await store.choose(true);
    expect([store.getState().type, notifier.requestPermission.mock.calls.length]).toEqual(['on', 1]);
    expect(createNotifyStore(storage, notifier).getState().type).toBe('on');
    await store.choose(false);
    expect([store.getState().type, notifier.requestPermission.mock.calls.length]).toEqual(['off', 1]);
  });

  it('say when the browser blocks them or has none', async () => {
    const { store, storage } = setUp('denied');
    await store.choose(true);
    expect(store.getState().type).toBe('blocked');
    expect(createNotifyStore(storage, undefined).getState().type).toBe('unsupported');
  });
});

describe('the end of a run', () => {
  const template = magnitudeOrMovement('quick');
  const long = runOfCell(template, 'movement', { status: 'running', startedAt: Date.now() - 121_000 });
  const short = runOfCell(template, 'magnitude', { status: 'running', startedAt: Date.now() - 100_000 });

  function toldOf(isWanted: boolean, ...ends: readonly Run[]) {
    const runs = createStore<RunsState>(() => ({ runs: recordOf(long, short) }));
    const tell = vi.fn();
    watchEnds(runs, { isWanted: () => isWanted, tell });
    for (const run of ends) runs.setState(({ runs: now }) => ({ runs: { ...now, [run.id]: run } }));
    return tell.mock.calls.map(([run]: Run[]) => run?.id);
  }

  it('is told once, of a long run, whatever its end', () => {
    const failed = { ...long, status: 'failed' } as const;
    expect(toldOf(true, { ...long, rowCount: 1 }, failed, { ...failed, note: 'later' })).toEqual([long.id]);
    expect(toldOf(true, { ...short, status: 'done' })).toEqual([]);
  });

  it('is not told to who does not want it, nor while it only pauses', () => {
    expect(toldOf(false, { ...long, status: 'done' })).toEqual([]);
    expect(toldOf(true, { ...long, status: 'paused' })).toEqual([]);
  });
});

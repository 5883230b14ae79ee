// The Hub's token opens what is private: nothing that a person hands on may hold it, not even where it strayed into a
// notebook, next to any of its settings.
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { trainerState } from '../../../src/engine/model/export/trainer-state.ts';
import { toIpynb } from '../../../src/notebook/exchange/ipynb.ts';
import { readNotebookFile } from '../../../src/notebook/exchange/notebook-file.ts';
import { packDocument, unpackDocument } from '../../../src/notebook/exchange/share-link.ts';
import { resolveRunSpec } from '../../../src/notebook/resolve.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import { updateCell } from '../../../src/notebook/transitions.ts';
import { queuedRun } from '../../../src/runs/reducer.ts';
import { runSpecSchema } from '../../../src/runs/spec.ts';
import { Report } from '../../../src/ui/exchange/Report.tsx';
import type { RunsReader } from '../../../src/ui/exchange/results.ts';
import { createHubSettings } from '../../../src/ui/shell/hub-settings.ts';

const token = 'hf_secret';
const access = { endpoint: 'https://hub.example', token };

/** Whose keys are names of columns and runs: no settings. */
const lists = ['shown', 'columns'];

/** A copy with the token beside every setting. */
function strewn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strewn);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, lists.includes(key) ? part : strewn(part)]);
  return { ...Object.fromEntries(entries), token, access, hub: { Authorization: `Bearer ${token}` } };
}

const own = updateCell('model', 'model', {
  choice: { kind: 'hub', id: 'owner/gated', revision: 'main', commit: 'a'.repeat(40), layers: null },
})(magnitudeOrMovement('quick'));

const { document } = readNotebookFile(JSON.stringify(strewn(own)), 'a.json');
const spec = runSpecSchema.parse(strewn(resolveRunSpec(own, 'movement')));
const run = queuedRun({ id: 'r', notebookId: 'n', cellId: 'movement', variant: '', spec, createdAt: 0 });
const runs: RunsReader = {
  getState: () => ({ runs: { r: { ...run, status: 'done' } } }) as unknown as ReturnType<RunsReader['getState']>,
  tagsOf: () => [],
  pointsOf: () => [],
};

it('reads the notebook itself, all the same', () => {
  expect(JSON.stringify(strewn(own))).toContain(token);
  expect(document).toEqual(own);
});

it.each<[string, () => unknown]>([
  ['a Jupyter file', () => toIpynb(document)],
  ['a link', async () => unpackDocument(await packDocument(document))],
  ['a report', () => renderToStaticMarkup(<Report notebook={document} runs={runs} version="of a test" />)],
  ['the record of a run', () => run],
  ['the trainer’s state', () => trainerState({ spec, history: [], stepsPerEpoch: 1 })],
])('%s holds no token', async (_, make) => {
  const text = JSON.stringify(await make());
  expect(text.length).toBeGreaterThan(100);
  expect(text).not.toContain(token);
  expect(text).not.toContain('Bearer');
});

it('the token is kept under its own name alone, for this visit', () => {
  const place = () => {
    const items = new Map<string, string>();
    const setItem = (key: string, value: string) => void items.set(key, value);
    return {
      items,
      getItem: (key: string) => items.get(key) ?? null,
      setItem,
      removeItem: (key: string) => void items.delete(key),
    };
  };
  const [lasting, visit] = [place(), place()];
  createHubSettings(lasting, visit).set({ token });
  expect([...lasting.items]).toEqual([]);
  expect([...visit.items]).toEqual([['winnow-hub-token', token]]);
});

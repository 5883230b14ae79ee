// Laying out a run from what is known of its model and data, and reading them only where nothing is.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../../src/engine/model/config.ts';
import { loadData } from '../../src/hub/data-source.ts';
import { saveImport } from '../../src/hub/file-store.ts';
import { type RunSpec, runSpecSchema } from '../../src/runs/spec.ts';
import { createKnownInputs } from '../../src/worker/known-inputs.ts';
import { bertJson } from '../engine/model/tiny.ts';
import { FakeDirectory } from '../hub/fake-opfs.ts';

const blob = (content: string) => new Blob([content]);
const config = { ...bertJson, max_position_embeddings: 10 };
const getDirectory = vi.fn();

beforeEach(async () => {
  const root = new FakeDirectory();
  getDirectory.mockReset().mockImplementation(async () => root);
  vi.stubGlobal('navigator', { storage: { getDirectory } });
  await saveImport('tiny', [
    { name: 'config.json', blob: blob(JSON.stringify(config)) },
    { name: 'model.safetensors', blob: blob('unread') },
  ]);
  await saveImport('csv', [{ name: 'train.csv', blob: blob('text,label\na,x\nb,y\nc,z\nd,x\ne,y\nf,z\n') }]);
  getDirectory.mockClear();
});

afterEach(() => vi.unstubAllGlobals());

const specOf = (o: { readonly layers?: number | null; readonly tokens?: number } = {}): RunSpec =>
  runSpecSchema.parse({
    name: 'run',
    model: { kind: 'files', key: 'tiny', layers: o.layers ?? null },
    data: { kind: 'files', key: 'csv', task: 'text-classification', columns: { text: 'text', label: 'label' } },
    training: { max_seq_length: o.tokens ?? 8 },
  });

describe('known inputs', () => {
  it('are read once, without the weights', async () => {
    const known = createKnownInputs();
    const blueprint = await known.blueprint(specOf({ layers: 1 }));
    expect(blueprint).toMatchObject({ task: 'text-classification', labels: 3, config: { layers: 1 } });
    getDirectory.mockClear();
    expect((await known.blueprint(specOf())).config.layers).toBe(2);
    expect(getDirectory).not.toHaveBeenCalled();
  });

  it('are not read at all where they were described before', async () => {
    const known = createKnownInputs();
    const { model, data } = specOf();
    known.noteModel(model, parseConfig(config));
    known.noteData(data, (await loadData(data)).dataset);
    getDirectory.mockClear();
    expect((await known.blueprint(specOf())).labels).toBe(3);
    expect(getDirectory).not.toHaveBeenCalled();
  });

  it('refuse what the run would refuse', async () => {
    const known = createKnownInputs();
    await expect(known.blueprint(specOf({ tokens: 11 }))).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('max_seq_length'),
    });
    await expect(known.blueprint(specOf({ layers: 3 }))).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringMatching(/^Layers: expected 1 to 2, got 3/),
    });
  });
});

// Model and data sources over a fake origin (fetch) and a fake OPFS.
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadData, previewImport } from '../../src/hub/data-source.ts';
import { saveImport } from '../../src/hub/file-store.ts';
import { fetchModelFiles } from '../../src/hub/model-source.ts';
import { readStoredData } from '../../src/hub/stored-data.ts';
import { loadSynonyms } from '../../src/hub/synonyms.ts';
import { dataChoiceSchema } from '../../src/runs/spec.ts';
import { FakeDirectory } from './fake-opfs.ts';

const origin = new Map<string, Response>();

beforeEach(() => {
  origin.clear();
  const root = new FakeDirectory();
  vi.stubGlobal('location', { href: 'http://localhost/assets/worker.js' });
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
  vi.stubGlobal('fetch', async (url: URL, { signal }: RequestInit = {}) => {
    signal?.throwIfAborted();
    return origin.get(url.pathname) ?? new Response('', { status: 404 });
  });
});
afterEach(() => vi.unstubAllGlobals());

function serve(path: string, body: string, headers: Record<string, string> = {}): void {
  origin.set(path, new Response(body, { headers: { 'content-length': String(body.length), ...headers } }));
}

const stored = (key: string, files: Record<string, string>) =>
  saveImport(
    key,
    Object.entries(files).map(([name, text]) => ({ name, blob: new Blob([text]) })),
  );

describe('the embedded model', () => {
  const choice = { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: null } as const;

  it('comes with its licence, and reports bytes up to the total', async () => {
    serve('/models/all-MiniLM-L6-v2/config.json', '{}');
    serve('/models/all-MiniLM-L6-v2/tokenizer.json', '[1]');
    serve('/models/all-MiniLM-L6-v2/model.safetensors', 'weights');
    const progress: [number, number][] = [];
    const files = await fetchModelFiles(choice, { onProgress: (...bytes) => progress.push(bytes) });
    expect(files).toMatchObject({ licence: 'apache-2.0', config: '{}', tokenizer: { 'tokenizer.json': '[1]' } });
    expect(new TextDecoder().decode(files.weights[0])).toBe('weights');
    expect(progress.at(-1)).toEqual([12, 12]);
  });

  it('says no total where the server compresses what it sends', async () => {
    serve('/models/all-MiniLM-L6-v2/config.json', '{}');
    serve('/models/all-MiniLM-L6-v2/tokenizer.json', '[1]', { 'content-encoding': 'gzip' });
    serve('/models/all-MiniLM-L6-v2/model.safetensors', 'weights');
    const progress: [number, number][] = [];
    await fetchModelFiles(choice, { onProgress: (...bytes) => progress.push(bytes) });
    expect(progress.at(-1)).toEqual([12, 0]);
  });

  it('that was never built is told from a fallback page', async () => {
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      serve(`/models/all-MiniLM-L6-v2/${name}`, '<html>', { 'content-type': 'text/html; charset=utf-8' });
    }
    await expect(fetchModelFiles(choice)).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringMatching(
        /config\.json: expected a file of this app, got a web page\. Run `npm run assets`/,
      ),
    });
  });

  it('cancelled, rejects with the abort itself and no error of ours', async () => {
    await expect(fetchModelFiles(choice, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('a dropped model', () => {
  it('is read with its shards in order, its name and its card’s licence', async () => {
    await stored('k', {
      'config.json': '{"_name_or_path": "someone/tiny-bert"}',
      'README.md': '---\nlanguage: en\nlicense: mit\n---\n# Tiny',
      'vocab.txt': '[PAD]\n',
      'model-00001-of-00002.safetensors': 'one',
      'model-00002-of-00002.safetensors': 'two',
    });
    const files = await fetchModelFiles({ kind: 'files', key: 'k', layers: null });
    expect(files).toMatchObject({
      name: 'someone/tiny-bert',
      licence: 'mit',
      tokenizer: { 'vocab.txt': '[PAD]\n' },
    });
    expect(files.weights.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['one', 'two']);
  });

  it('without a card has an unknown licence', async () => {
    await stored('k', { 'config.json': '{}', 'model.safetensors': 'w' });
    expect(await fetchModelFiles({ kind: 'files', key: 'k', layers: null })).toMatchObject({
      name: 'k',
      licence: 'unknown',
    });
  });

  it('without weights is refused by name', async () => {
    await stored('k', { 'config.json': '{}' });
    await expect(fetchModelFiles({ kind: 'files', key: 'k', layers: null })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('expected model.safetensors'),
    });
  });
});

describe('embedded data', () => {
  const mail = {
    kind: 'text-classification',
    name: 'Mail',
    note: 'Real.',
    licence: 'CC0',
    seed: 1,
    labels: ['ham', 'spam'],
    splits: {
      train: [
        ['1', 'hello', 0],
        ['2', 'win now', 1],
        ['3', 'bye', 0],
        ['4', 'cheap', 1],
      ],
      dev: [['5', 'dev', 0]],
      test: [['6', 'test', 1]],
    },
  };

  it('arrives sliced, with label names in the preview', async () => {
    serve('/data/spam-assassin.json', JSON.stringify(mail));
    const choice = dataChoiceSchema.parse({ kind: 'embedded', id: 'spam-assassin', slices: { train: 'train[:50%]' } });
    const loaded = await loadData(choice, { previewRows: 2 });
    expect(loaded.dataset.splits.train).toEqual([
      { id: '1', text: 'hello', label: 0 },
      { id: '2', text: 'win now', label: 1 },
    ]);
    expect(loaded.columns).toEqual(['text', 'label']);
    expect(loaded.preview).toEqual([
      { text: 'hello', label: 'ham' },
      { text: 'win now', label: 'spam' },
    ]);
    expect(loaded.note).toBe('Real. CC0.');
  });

  it('names a slice that selects nothing', async () => {
    serve('/data/spam-assassin.json', JSON.stringify(mail));
    const choice = dataChoiceSchema.parse({ kind: 'embedded', id: 'spam-assassin', slices: { dev: 'dev[5:]' } });
    await expect(loadData(choice)).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('dev[5:]'),
    });
  });
});

describe('synonyms', () => {
  it('are fetched once, when first asked for', async () => {
    serve('/data/wordnet-synonyms.json', JSON.stringify({ licence: 'WordNet', sets: ['film movie'] }));
    const synonyms = await loadSynonyms();
    expect(synonyms.of('films')).toEqual(['movie']);
    origin.clear();
    expect(await loadSynonyms()).toBe(synonyms);
  });
});

describe('dropped data', () => {
  it('that an earlier page kept, although it is too long to be read as text, is refused unread', async () => {
    const blob = new Blob(['text,label']);
    Object.defineProperty(blob, 'size', { value: 2 ** 29 });
    const reading = readStoredData({ name: 'train.csv', blob });
    await expect(reading).rejects.toThrow('train.csv: expected at most 256 MiB of text, got 512 MiB.');
  });

  const choice = (fields: object) => dataChoiceSchema.parse({ kind: 'files', key: 'k', ...fields });
  const rows = Array.from({ length: 20 }, (_, i) => `review number ${i},${i % 2 ? 'good' : 'bad'}`);

  it('in one file is dealt into three splits, and the note says so', async () => {
    await stored('k', { 'reviews.csv': ['body,verdict', ...rows].join('\n') });
    const columns = { text: 'body', label: 'verdict' };
    const loaded = await loadData(choice({ task: 'text-classification', columns }), { previewRows: 1 });
    const { splits } = loaded.dataset;
    expect([splits.train.length, splits.dev.length, splits.test.length]).toEqual([16, 2, 2]);
    expect(loaded.note).toMatch(/^From reviews\.csv\. dev and test: a tenth/);
    expect(loaded.preview).toEqual([{ body: 'review number 0', verdict: 'bad' }]);
  });

  it('reports the bytes of all its files', async () => {
    const text = (...lines: string[]) => ['text,label', ...lines].join('\n');
    const files = { 'train.csv': text('a,x', 'b,y'), 'dev.csv': text('c,x'), 'test.csv': text('d,y') };
    await stored('k', files);
    const progress: [number, number][] = [];
    await loadData(choice({ task: 'text-classification', columns: { text: 'text', label: 'label' } }), {
      onProgress: (...bytes) => progress.push(bytes),
    });
    // "text,label" and its line feeds: 10 + 4 + 4, 10 + 4, 10 + 4
    expect(progress).toEqual([
      [18, 46],
      [32, 46],
      [46, 46],
    ]);
  });

  it('in files named after splits keeps them', async () => {
    const jsonLine = (text: string, label: number) => JSON.stringify({ text, label });
    await stored('k', {
      'train.jsonl': [jsonLine('a', 0), jsonLine('b', 1)].join('\n'),
      'validation.jsonl': jsonLine('c', 0),
      'test.jsonl': jsonLine('d', 1),
    });
    const { dataset } = await loadData(choice({ task: 'text-classification' }));
    expect(dataset.splits.dev).toMatchObject([{ text: 'c', label: 0 }]);
    expect(dataset.splits.test).toMatchObject([{ text: 'd', label: 1 }]);
  });

  it('shows its columns before any role is chosen', async () => {
    await stored('k', { 'reviews.csv': ['body,verdict', ...rows].join('\n') });
    expect(await previewImport('k', 1)).toMatchObject({ columns: ['body', 'verdict'], rows: [{ verdict: 'bad' }] });
  });

  it('in parquet is read by row groups, and its columns are known without any row', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `review number ${i}`);
    const bytes = parquetWriteBuffer({
      rowGroupSize: 20,
      columnData: [
        { name: 'text', data: texts },
        { name: 'label', data: texts.map((_, i) => BigInt(i % 2)), type: 'INT64' },
      ],
    });
    await saveImport('k', [{ name: 'reviews.parquet', blob: new Blob([bytes]) }]);
    expect(await previewImport('k', 0)).toMatchObject({ columns: ['text', 'label'], rows: [] });
    const progress: [number, number][] = [];
    const loaded = await loadData(choice({ task: 'text-classification' }), {
      previewRows: 1,
      onProgress: (...read) => progress.push(read),
    });
    expect(loaded.dataset).toMatchObject({ labels: ['0', '1'] });
    expect(loaded.dataset.splits.train).toHaveLength(32);
    expect(loaded.preview).toEqual([{ text: 'review number 0', label: '0' }]);
    expect(progress).toHaveLength(3); // two row groups and the footer
    expect(progress.at(-1)).toEqual([bytes.byteLength, bytes.byteLength]);
  });

  it('that was deleted from storage says to drop it again', async () => {
    await expect(loadData(choice({ task: 'question-answering' }))).rejects.toMatchObject({ code: 'storage' });
  });
});

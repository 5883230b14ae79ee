// Data sets of a Hub on this machine: found, sliced, and no byte fetched that the slices do not need.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shuffle } from '../../src/engine/random.ts';
import { footerBytes } from '../../src/engine/text/parquet.ts';
import type { ClassificationDataset, QuestionDataset } from '../../src/engine/text/types.ts';
import { loadData, readColumns } from '../../src/hub/data-source.ts';
import type { HubAccess } from '../../src/hub/hub-client.ts';
import {
  guessTask,
  layoutOf,
  lookUpData,
  nameOfConfig,
  openTables,
  partsNeeded,
  readTables,
} from '../../src/hub/hub-data.ts';
import { parseHubName } from '../../src/hub/hub-id.ts';
import { createFetcher, missingParts } from '../../src/hub/hub-parts.ts';
import { readKept, wantFiles } from '../../src/hub/hub-store.ts';
import { allRows } from '../../src/notebook/new-cells.ts';
import { type DataChoice, dataChoiceSchema, udaSchema } from '../../src/runs/spec.ts';
import { divideLabels } from '../../src/worker/training-texts.ts';
import { commitOf, type FakeHub, type FakeRepository, startFakeHub } from './fake-hub.ts';
import { FakeDirectory } from './fake-opfs.ts';
import { questionTable, reviewTable } from './parquet-files.ts';

const converted = 'refs/convert/parquet';
const dataset = (id: string, files: FakeRepository['revisions'][string]): FakeRepository => ({
  kind: 'datasets',
  id,
  licence: 'mit',
  revisions: { main: { 'README.md': '' }, [converted]: files },
});

/** 20,000 rows of about 30 bytes in 40 row groups: a footer is a small part of it. */
const reviews = dataset('owner/reviews', {
  'default/train/0000.parquet': reviewTable(20_000, 500),
  'default/validation/0000.parquet': reviewTable(400, 100, 'play'),
});
const squad = dataset('owner/squad', {
  'plain_text/train/0000.parquet': questionTable(400, 50),
  'plain_text/train/0001.parquet': questionTable(400, 50),
  'plain_text/validation/0000.parquet': questionTable(40, 50),
});
const imdb = dataset('owner/imdb', {
  'plain_text/test/0000.parquet': reviewTable(60, 20, 'play'),
  'plain_text/train/0000.parquet': reviewTable(100, 20),
  'plain_text/unsupervised/0000.parquet': reviewTable(50, 20, 'show', -1),
});
const glue = dataset('owner/glue', {
  'cola/train/0000.parquet': reviewTable(10, 10),
  'mnli/train/0000.parquet': reviewTable(10, 10),
  'mnli/validation_matched/0000.parquet': reviewTable(10, 10, 'play'),
});
const raw: FakeRepository = {
  kind: 'datasets',
  id: 'owner/raw',
  revisions: { main: { 'train.csv': 'a,b' }, own: { 'data/train-00000-of-00001-0a1b2c.parquet': reviewTable(30, 10) } },
};

let hub: FakeHub;
let access: HubAccess;

beforeEach(async () => {
  const root = new FakeDirectory();
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
  hub = await startFakeHub([reviews, squad, imdb, glue, raw]);
  access = { endpoint: hub.url, token: null };
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

async function find(name: string, config: string | null = null) {
  const { files, ...repository } = await lookUpData(access, parseHubName(name));
  const fetcher = createFetcher(access, await wantFiles({ ...repository, tables: files }, []));
  const layout = layoutOf(files);
  const chosen = nameOfConfig(repository.id, layout, config);
  const data = await openTables(layout[chosen]!, fetcher.open);
  return { ...repository, config: chosen, data, fetcher, layout };
}

interface Wanted {
  readonly slices?: Partial<DataChoice['slices']>;
  readonly shuffle_seed?: number;
  readonly filter?: object;
}

const fetchAndLoad = (name: string, slices: Wanted['slices'] = {}, config: string | null = null) =>
  fetchRows(name, { slices }, config);

async function fetchRows(name: string, wanted: Wanted, config: string | null = null) {
  const { id, commit, config: chosen, data, fetcher } = await find(name, config);
  const task = guessTask(data)?.task ?? 'text-classification';
  const choice = dataChoiceSchema.parse({ kind: 'hub', id, commit, config: chosen, task, ...wanted });
  const before = sent();
  await fetcher.fetch(partsNeeded(data, choice));
  return { loaded: await loadData(choice, { previewRows: 2 }), bytes: sent() - before, choice };
}

const sent = () => hub.asked.reduce((sum, { bytes }) => sum + bytes, 0);
const texts = (examples: ClassificationDataset['splits']['train']) => examples.map(({ text }) => text);

describe('finding a data set', () => {
  it('pins the Hub’s conversion, and reads its footers alone', async () => {
    const { commit, data, layout } = await find('owner/reviews');
    expect(commit).toBe(commitOf(reviews, converted));
    expect(Object.keys(layout)).toEqual(['default']);
    expect(data.columns).toEqual(['text', 'label']);
    expect([data.splits.train.rows, data.splits.dev.rows, data.splits.test.rows]).toEqual([20_000, 400, 0]);
    expect(sent()).toBeLessThan(2 * 2 ** 16 + 1);
  });

  it('tells questions by their columns', async () => {
    expect(guessTask((await find('owner/squad')).data)?.task).toBe('question-answering');
  });

  it('has a config chosen among several, and names them', async () => {
    const { layout, config, data } = await find('owner/glue', 'mnli');
    expect([Object.keys(layout), config, data.splits.dev.rows]).toEqual([['cola', 'mnli'], 'mnli', 10]);
    await expect(find('owner/glue', 'sst2')).rejects.toThrow(/expected one of its parts cola, mnli, got “sst2”/);
  });

  it('takes the tables of a revision that is named', async () => {
    expect((await find('owner/raw@own')).data.splits.train.rows).toBe(30);
  });

  it('says what to do where nothing was converted', async () => {
    await expect(find('owner/raw')).rejects.toThrow(/expected tables.*got train\.csv.*drop them here/);
  });

  it.each([
    ['owner/none', /expected a data set of this name, got none/],
    ['owner/reviews@gone', /expected the revision “gone”/],
  ])('%s is refused', async (name, message) => {
    await expect(find(name)).rejects.toThrow(message);
  });
});

describe('a slice', () => {
  it('of a tenth fetches the row groups that hold it, to the byte', async () => {
    const { data } = await find('owner/reviews');
    const groups = data.splits.train.tables[0]!.rowGroups.slice(0, 4);
    const { loaded, bytes } = await fetchAndLoad('owner/reviews', { train: 'train[:10%]', dev: 'dev[:50]' });
    const dev = data.splits.dev.files[0]!.size; // small enough to have come with its footer
    expect(dev).toBeLessThan(2 ** 16);
    expect(bytes).toBe(groups.at(-1)!.endByte - groups[0]!.startByte);
    const { train, dev: shownDev, test } = loaded.dataset.splits;
    expect([train.length, shownDev.length, test.length]).toEqual([2000, 50, 0]);
    expect(texts(train as ClassificationDataset['splits']['train']).at(-1)).toBe('a bad film 1999');
    expect(loaded.note).toContain('It has no test split');
  });

  it('keeps all classes, although it holds one of them', async () => {
    const { loaded } = await fetchAndLoad('owner/reviews', { train: 'train[:5%]', dev: 'dev[:5]' });
    expect(loaded.dataset).toMatchObject({ labels: ['neg', 'pos'] });
  });

  it('from several places, negative ones and sums included, is what datasets would give', async () => {
    const { loaded } = await fetchAndLoad('owner/reviews', { train: 'train[-2:]+train[700:702]', test: 'dev[1:3]' });
    const { splits } = loaded.dataset as ClassificationDataset;
    expect(texts(splits.train)).toEqual(['a good film 19998', 'a good film 19999', 'a bad film 700', 'a bad film 701']);
    expect(texts(splits.test)).toEqual(['a bad play 1', 'a bad play 2']);
  });

  it('runs over the files of a split', async () => {
    const { loaded } = await fetchAndLoad('owner/squad', { train: 'train[398:402]' });
    const { train } = (loaded.dataset as QuestionDataset).splits;
    expect(train.map(({ context }) => /\d+/.exec(context)![0])).toEqual(['398', '399', '0', '1']);
    expect(train[0]!.answers).toEqual([{ text: 'film 398', answer_start: 12 }]);
  });

  it('that is widened fetches what is new', async () => {
    await fetchAndLoad('owner/reviews', { train: 'train[:10%]' });
    const { bytes, choice } = await fetchAndLoad('owner/reviews', { train: 'train[:20%]' });
    const { data } = await find('owner/reviews');
    const groups = data.splits.train.tables[0]!.rowGroups.slice(0, 8);
    expect(bytes).toBe(groups.at(-1)!.endByte - groups[0]!.startByte); // one run of groups is one read
    const kept = await readKept({ kind: 'datasets', id: 'owner/reviews', commit: commitOf(reviews, converted) });
    expect(missingParts(kept!, partsNeeded(data, choice))).toEqual([]);
  });

  it('of shuffled rows fetches the row groups that hold them, and says before how much that is', async () => {
    const wanted = { slices: { train: 'train[:3]', dev: 'dev[:50]' }, shuffle_seed: 1 };
    const rows = shuffle(20_000, 1).slice(0, 3);
    const { data, id, commit, config } = await find('owner/reviews');
    const came = data.splits.train.files[0]!.size - footerBytes; // with the footer
    const groups = data.splits.train.tables[0]!.rowGroups.filter(({ from, to, startByte }) =>
      rows.some((row) => from <= row && row < to && startByte < came),
    );
    expect(groups).toHaveLength(2);
    const bytes = groups.reduce((sum, { startByte, endByte }) => sum + endByte - startByte, 0);
    const choice = dataChoiceSchema.parse({ kind: 'hub', id, commit, config, task: 'text-classification', ...wanted });
    await expect(loadData(choice)).rejects.toThrow(
      'expected 0.0 MB more for these slices (shuffled rows lie all over a split)',
    );
    expect(bytes).toBeLessThan(50_000);
    const fetched = await fetchRows('owner/reviews', wanted);
    expect(fetched.bytes).toBe(bytes);
    const { train } = (fetched.loaded.dataset as ClassificationDataset).splits;
    expect(texts(train)).toEqual(rows.map((row) => `a ${row < 10_000 ? 'bad' : 'good'} film ${row}`));
  });

  it('of shuffled rows unpacks each row group once', async () => {
    const { data } = await find('owner/reviews');
    const reads: [number, number][] = [];
    const [table] = data.splits.train.tables;
    const counted = {
      ...table!,
      readRows: async (from: number, to: number) => {
        reads.push([from, to]);
        return Array.from({ length: to - from }, (_, i) => ({ text: `row ${from + i}`, label: 'pos' }));
      },
    };
    const train = { ...data.splits.train, tables: [counted] };
    const slices = { train: 'train[:10%]', dev: 'train[90%:]', test: 'test' };
    const selection = { slices, shuffle_seed: 42 };
    const { files } = await readTables({ ...data, splits: { ...data.splits, train } }, selection);
    expect(reads).toHaveLength(40);
    const order = shuffle(20_000, 42).map((row) => ({ text: `row ${row}`, label: 'pos' }));
    expect(files).toMatchObject([{ table: { rows: order.slice(0, 2000) } }, { table: { rows: order.slice(18_000) } }]);
  });

  it('of everything is the whole file, checked by its hash', async () => {
    const { data, fetcher } = await find('owner/reviews');
    const parts = partsNeeded(data, allRows);
    const [train, dev] = [data.splits.train.files[0]!, data.splits.dev.files[0]!];
    expect(parts).toMatchObject([{ span: { from: 0, to: train.size } }, { span: { from: 0, to: dev.size } }]);
    hub.fail({ path: 'train/0000.parquet', kind: 'wrong-bytes' });
    await expect(fetcher.fetch(parts)).rejects.toThrow(/expected a file of sha256 .* got other bytes/);
    hub.fail();
    expect((await fetchAndLoad('owner/reviews')).loaded.dataset.splits.train).toHaveLength(20_000);
  });
});

describe('loading', () => {
  it('without a dev split deals one from the training rows, classes mixed', async () => {
    const { loaded } = await fetchAndLoad('owner/imdb', { train: 'train[:50%]' });
    const { splits } = loaded.dataset as ClassificationDataset;
    expect([splits.train.length, splits.dev.length, splits.test.length]).toEqual([45, 10, 60]);
    expect(new Set(splits.dev.map(({ label }) => label))).toEqual(new Set([0, 1]));
    expect(loaded.note).toContain('drawn with seed 42');
  });

  it('without a dev split takes dev from where a slice says, and fetches no more', async () => {
    const { loaded, choice } = await fetchAndLoad('owner/imdb', {
      train: 'train[90:]',
      dev: 'test[:5]',
      test: 'test[-5:]',
    });
    const { splits } = loaded.dataset as ClassificationDataset;
    expect([splits.train.length, splits.dev.length, splits.test.length]).toEqual([10, 5, 5]);
    expect(texts(splits.dev)[0]).toBe('a bad play 0');
    const parts = partsNeeded((await find('owner/imdb')).data, choice);
    // The last row group of train, and the first and the last of test.
    expect(parts.map(({ file, span }) => [file.path.split('/')[1], span.from === 0])).toEqual([
      ['train', false],
      ['test', false],
      ['test', false],
    ]);
  });

  it.each([
    ['beside a dev split that is dealt', {}, [90, 50]],
    ['beside slices of the labelled', { train: 'train[:10]+unsupervised[:20]', dev: 'test[:5]' }, [10, 20]],
  ])('gives UDA the texts of a split without labels, %s', async (_, slices, [labelled, unlabelled]) => {
    const wanted = { train: 'train+unsupervised', ...slices };
    const { loaded } = await fetchAndLoad('owner/imdb', wanted);
    const { train, dev } = (loaded.dataset as ClassificationDataset).splits;
    expect(loaded.dataset).toMatchObject({ labels: ['neg', 'pos'] });
    expect([train.filter(({ label }) => label !== null).length, train.length]).toEqual([
      labelled,
      labelled! + unlabelled!,
    ]);
    expect(dev.filter(({ label }) => label === null)).toEqual([]);
    expect(loaded.note).toContain('50 rows without labels, which UDA can learn from');
    const uda = divideLabels(loaded, { few_shot: null, uda: udaSchema.parse({}), mlm: null, training: { seed: 1 } });
    expect(uda.unlabelled).toHaveLength(unlabelled!);
    expect(uda.dataset.splits.train).toHaveLength(labelled!);
  });

  it('filters what the slices took, and says how much that was', async () => {
    const wanted = { slices: { train: 'train[9990:10010]', dev: 'dev[190:210]' }, filter: { labels: ['neg'] } };
    const { loaded } = await fetchRows('owner/reviews', wanted);
    expect(loaded.dataset.splits.train).toHaveLength(10);
    expect(loaded.dataset).toMatchObject({ labels: ['neg'] });
    expect(loaded.unfiltered?.splits.train).toHaveLength(20);
    const training = { few_shot: null, uda: null, training: { seed: 1 } };
    expect(() => divideLabels(loaded, { ...training, mlm: null })).toThrow('expected labels to learn, got neg alone.');
    const words = divideLabels(loaded, { ...training, mlm: { mlm_probability: 0.15 } });
    expect(words.dataset.splits.train).toHaveLength(10);
    expect((await fetchAndLoad('owner/reviews', wanted.slices)).loaded.unfiltered).toBeNull();
  });

  it('says how much is missing where a slice was widened and not fetched', async () => {
    const { choice } = await fetchAndLoad('owner/reviews', { train: 'train[:10%]' });
    const wide = { ...choice, slices: { ...choice.slices, train: 'train' } } as DataChoice;
    await expect(loadData(wide)).rejects.toMatchObject({ code: 'not-kept' });
    await expect(loadData(wide)).rejects.toThrow(/expected 0\.\d MB more for these slices on this machine/);
  });

  it('needs no network once the parts are here', async () => {
    const { choice } = await fetchAndLoad('owner/squad', { train: 'train[:10%]' });
    await hub.close();
    expect((await loadData(choice)).dataset.splits.train).toHaveLength(80);
    expect(await readColumns(choice as Exclude<DataChoice, { kind: 'embedded' }>)).toContain('answers');
    hub = await startFakeHub([]);
  });

  it('says to find what was never looked up', async () => {
    const choice = dataChoiceSchema.parse({ kind: 'hub', id: 'a/b', task: 'text-classification' });
    await expect(loadData(choice)).rejects.toMatchObject({ code: 'not-kept' });
  });
});

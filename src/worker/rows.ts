// Rows of a data set in pages, all of them or those that hold a query, and one row's tokens.
import { WinnowError } from '../engine/error.ts';
import { cellsOf, columnsOf, textsOf } from '../engine/text/examples.ts';
import { createSearch } from '../engine/text/search.ts';
import type { Tokenizer } from '../engine/text/tokenizer.ts';
import type { Dataset, Example, SplitName } from '../engine/text/types.ts';
import type { RequestOf } from '../runs/client.ts';
import type { DataRows, ReportBytes, TokenizedRow } from '../runs/protocol.ts';

interface Pace {
  readonly onProgress: ReportBytes;
  breathe(): Promise<void>;
}

const rowsPerBreath = 1000;

export function createRowReader() {
  /** Of the last search, for its next pages. */
  let latest: { readonly dataset: Dataset; readonly key: string; readonly hits: Promise<readonly number[]> } | null =
    null;

  function hitsIn(dataset: Dataset, split: SplitName, query: string, pace: Pace): Promise<readonly number[]> {
    const key = `${split} ${query}`;
    if (latest?.dataset !== dataset || latest.key !== key) {
      latest = { dataset, key, hits: search(dataset, split, query, pace) };
    }
    return latest.hits;
  }

  return {
    async read(dataset: Dataset, { split, query, from, count }: RequestOf<'read-rows'>, pace: Pace): Promise<DataRows> {
      const examples: readonly Example[] = dataset.splits[split];
      const to = from + count;
      const hits = query.trim() === '' ? null : await hitsIn(dataset, split, query, pace);
      const shown = hits ? hits.slice(from, to) : Array.from(examples.slice(from, to), (_, i) => from + i);
      return {
        columns: columnsOf(dataset),
        rows: shown.map((index) => ({ index, cells: cellsOf(dataset, examples[index]!) })),
        total: hits?.length ?? examples.length,
      };
    },
  };
}

/** Indices of the examples that hold the query in one of their texts. */
async function search(dataset: Dataset, split: SplitName, query: string, pace: Pace): Promise<readonly number[]> {
  const { isIn } = createSearch(query);
  const examples: readonly Example[] = dataset.splits[split];
  const hits: number[] = [];
  for (const [index, example] of examples.entries()) {
    if (textsOf(example).some(({ text }) => isIn(text))) hits.push(index);
    if (index % rowsPerBreath !== rowsPerBreath - 1) continue;
    pace.onProgress(index + 1, examples.length);
    await pace.breathe();
  }
  return hits;
}

/** @throws WinnowError `bad-settings` for a row that is not there. */
export function tokenizeRow(tokenizer: Tokenizer, example: Example | null): TokenizedRow {
  if (!example) throw new WinnowError('bad-settings', 'Row: expected one of the split, got none. Choose another.');
  return {
    texts: textsOf(example).map((text) => ({ ...text, ...tokenizer.encode(text.text) })),
    unknownId: tokenizer.specialIds.unknown,
  };
}

// Files of the Hub of which parts lie on this machine: read from there, or fetched part by part as they are read.
import type { AsyncBuffer } from 'hyparquet';
import { footerBytes } from '../engine/text/parquet.ts';
import type { HubAccess, HubFile } from './hub-client.ts';
import type { OpenTable, Part } from './hub-data.ts';
import { type DownloadOptions, downloadFiles } from './hub-download.ts';
import {
  type KeptFile,
  type KeptRepository,
  notKept,
  readNamed,
  storedName,
  type WantedFile,
  wantFiles,
} from './hub-store.ts';

/** The part that holds bytes [from, to) of a file and is here; null where none does. */
function partWith(kept: KeptRepository, file: HubFile, { from, to }: Part['span']): KeptFile | null {
  const holds = ({ path, isComplete, span }: KeptFile) =>
    isComplete && path === file.path && (span === null || (span.from <= from && to <= span.to));
  return kept.files.find(holds) ?? null;
}

export const missingParts = (kept: KeptRepository, parts: readonly Part[]): Part[] =>
  parts.filter(({ file, span }) => !partWith(kept, file, span));

export const bytesOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { span }) => sum + span.to - span.from, 0);

/** Reads what is here. Throws `not-kept` for the rest. */
export const openKept =
  (kept: KeptRepository): OpenTable =>
  (file) => ({
    byteLength: file.size,
    async slice(start, end = file.size) {
      const part = partWith(kept, file, { from: start, to: end });
      if (!part) throw notKept(kept.id, `bytes ${start} to ${end} of ${file.path}`, 'a part');
      const { blob } = await readNamed(kept, part);
      const from = part.span?.from ?? 0;
      return blob.slice(start - from, end - from).arrayBuffer();
    },
  });

export interface Fetcher {
  readonly open: OpenTable;
  /** Fetches what is missing of these parts. */
  fetch(parts: readonly Part[], options?: DownloadOptions): Promise<KeptRepository>;
}

/** Fetches what is read and not here, one part after the other, and keeps it. */
export function createFetcher(access: HubAccess, found: KeptRepository): Fetcher {
  let kept = found;
  let turn: Promise<unknown> = Promise.resolve();

  async function fetch(parts: readonly Part[], options: DownloadOptions = {}): Promise<KeptRepository> {
    const wanted = missingParts(kept, parts).map(wantedOf);
    kept = await wantFiles(kept, wanted);
    const names = new Set(wanted.map(storedName));
    kept = await downloadFiles(access, kept, { ...options, choose: (file) => names.has(storedName(file)) });
    return kept;
  }

  /** The list of what is kept is written by one at a time. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next;
    return next;
  };

  const open = (file: HubFile): AsyncBuffer => ({
    byteLength: file.size,
    slice: (start, end = file.size) =>
      inTurn(async () => {
        // Who reads a file's end reads its footer next.
        const from = end === file.size ? Math.max(0, Math.min(start, file.size - footerBytes)) : start;
        await fetch([{ file, span: { from, to: end } }]);
        return openKept(kept)(file).slice(start, end);
      }),
  });

  return { open, fetch: (parts, options) => inTurn(() => fetch(parts, options)) };
}

/** All of a file is checked by its hash. */
function wantedOf({ file, span }: Part): WantedFile {
  const isWhole = span.from === 0 && span.to === file.size;
  return { ...file, size: span.to - span.from, span: isWhole ? null : span };
}

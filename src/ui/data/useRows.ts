// Rows of a data set, page by page as they come into sight: the page never holds all of them.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DataRow } from '../../runs/protocol.ts';
import type { DataChoice } from '../../runs/spec.ts';
import { useServices } from '../services.ts';
import type { Place } from './OpenedView.tsx';

const pageRows = 50;
const mostPages = 40;

interface Shown {
  /** Of the query that these rows belong to. */
  readonly query: string;
  readonly columns: readonly string[];
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly DataRow[]>;
}

export interface Rows {
  /** Null before the first answer; while a new search is under way, the rows of the one before. */
  readonly shown: Shown | null;
  /** Of a search under way, in rows. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly problem: string | null;
  rowAt(position: number): DataRow | null;
  /** Fetches what is missing of the rows [from, to]. */
  show(from: number, to: number): void;
}

/** Give each split its own component (`key`): rows of another are none of these. */
export function useRows(data: DataChoice, split: Place['split'], query: string): Rows {
  const { client } = useServices();
  const [shown, setShown] = useState<Shown | null>(null);
  const [progress, setProgress] = useState<Rows['progress']>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Pages on their way or here; a new one for each search, by which late answers to the old are known. */
  const asked = useRef(new Set<number>());

  const ask = useCallback(
    async (page: number) => {
      const mine = asked.current;
      if (mine.has(page)) return;
      mine.add(page);
      const isCurrent = () => mine === asked.current;
      try {
        const { columns, rows, total } = await client.request(
          { type: 'read-rows', data, split, query, from: page * pageRows, count: pageRows },
          (done, all) => isCurrent() && setProgress({ done, total: all }),
        );
        if (!isCurrent()) return;
        setProgress(null);
        setShown((before) => {
          const pages = new Map([...(before?.query === query ? before.pages : []), [page, rows] as const]);
          for (const old of [...pages.keys()].slice(0, -mostPages)) {
            pages.delete(old);
            mine.delete(old);
          }
          return { query, columns, total, pages };
        });
      } catch (error) {
        mine.delete(page);
        if (isCurrent()) setProblem(error instanceof Error ? error.message : String(error));
      }
    },
    [client, data, split, query],
  );

  useEffect(() => {
    asked.current = new Set();
    setProblem(null);
    setProgress(null);
    void ask(0);
  }, [ask]);

  return {
    shown,
    progress,
    problem,
    rowAt: (position) => shown?.pages.get(Math.floor(position / pageRows))?.[position % pageRows] ?? null,
    show: useCallback(
      (from, to) => {
        for (let page = Math.floor(from / pageRows); page <= Math.floor(to / pageRows); page++) void ask(page);
      },
      [ask],
    ),
  };
}

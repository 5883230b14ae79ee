// What the worker makes of settings, asked when they have come to rest. Only the answer to the last question counts;
// until it is there the one before stays in sight.
import { useEffect, useRef, useState } from 'react';
import type { RequestOf, RequestType } from '../../runs/client.ts';
import type { Responses } from '../../runs/protocol.ts';
import { useServices } from '../services.ts';

/** Between two keys of one number. */
const restMs = 250;

export interface Question<T extends RequestType> {
  readonly request: RequestOf<T>;
  /** All that the answer depends on. */
  readonly key: string;
}

export interface SettledAnswer<A> {
  readonly value: A | null;
  /** Why there is no answer to these settings, which is why they could not run either. */
  readonly problem: string | null;
  readonly isCurrent: boolean;
}

/** Null asks nothing. */
export function useSettledAnswer<T extends RequestType>(question: Question<T> | null): SettledAnswer<Responses[T]> {
  const { client } = useServices();
  const key = question?.key ?? null;
  const [settled, setSettled] = useState<Settled<Responses[T]>>(nothing);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the question
  useEffect(() => {
    if (!question) return;
    let isLate = false;
    const ask = () => {
      isFirst.current = false;
      client.request<T>(question.request).then(
        (value) => isLate || setSettled({ key, value, problem: null }),
        (error: unknown) => isLate || setSettled({ key, value: null, problem: messageOf(error) }),
      );
    };
    const timer = setTimeout(ask, isFirst.current ? 0 : restMs);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [client, key]);
  return { value: settled.value, problem: settled.problem, isCurrent: settled.key === key };
}

interface Settled<A> {
  readonly key: string | null;
  readonly value: A | null;
  readonly problem: string | null;
}

const nothing = { key: null, value: null, problem: null };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

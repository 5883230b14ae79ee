// What a run would need, asked of the worker when settings have come to rest. Only the answer to the last question
// counts; until it is there the one before stays in sight.
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { MemoryEstimate, Request } from '../../runs/protocol.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { dataRequest, modelRequest, useAnswer, useBackend, useServices } from '../services.ts';

/** Between two keys of one number. */
const restMs = 250;

export interface MemoryAnswer {
  readonly estimate: MemoryEstimate | null;
  /** Why there is no estimate of these settings, which is why they could not run either. */
  readonly problem: string | null;
  readonly isCurrent: boolean;
}

interface Question {
  readonly request: Extract<Request, { type: 'estimate-memory' }>;
  /** All that the answer depends on. */
  readonly key: string;
}

/** `wantsLess` after a run of these settings found too little memory. */
export function useMemoryEstimate(spec: RunSpec | null, wantsLess: boolean): MemoryAnswer {
  const { client } = useServices();
  const question = useQuestion(spec, wantsLess);
  const key = question?.key ?? null;
  const [settled, setSettled] = useState<Omit<MemoryAnswer, 'isCurrent'> & { readonly key: string | null }>(nothing);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the question
  useEffect(() => {
    if (!question) return;
    let isLate = false;
    const ask = () => {
      isFirst.current = false;
      client.request(question.request).then(
        (estimate) => isLate || setSettled({ key, estimate, problem: null }),
        (error: unknown) => isLate || setSettled({ key, estimate: null, problem: messageOf(error) }),
      );
    };
    const timer = setTimeout(ask, isFirst.current ? 0 : restMs);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [client, key]);
  return { estimate: settled.estimate, problem: settled.problem, isCurrent: settled.key === key };
}

const nothing = { key: null, estimate: null, problem: null };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Null until the backend is up and model and data are read: what is wrong with those, their cells say. */
function useQuestion(spec: RunSpec | null, wantsLess: boolean): Question | null {
  const { memoryBudget } = useServices();
  const gib = useStore(memoryBudget, (state) => state.gib);
  const backend = useBackend();
  const model = useAnswer(spec && modelRequest(spec.model));
  const data = useAnswer(spec && dataRequest(spec.data));
  if (!spec || backend.type !== 'ready' || model?.type !== 'loaded' || data?.type !== 'loaded') return null;
  const statedBytes = gib === null ? null : gib * 2 ** 30;
  const request = { type: 'estimate-memory', spec, statedBytes, wantsLess } as const;
  const { name: _, ...settings } = spec;
  return { request, key: JSON.stringify([backend.status.backend, statedBytes, wantsLess, settings]) };
}

// Undo and redo over immutable states. Changes with the same merge key that follow each other closely (letters typed
// into one field) undo as one.
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  readonly lastChange: { readonly mergeKey: string; readonly at: number } | null;
}

const depth = 200;
const mergeWindowMs = 1500;

export const startHistory = <T>(present: T): History<T> => ({ past: [], present, future: [], lastChange: null });

export interface Change<T> {
  readonly next: T;
  readonly at: number;
  readonly mergeKey?: string | undefined;
}

export function record<T>(history: History<T>, { next, at, mergeKey }: Change<T>): History<T> {
  if (next === history.present) return history;
  const { past, present, lastChange } = history;
  const merges = mergeKey !== undefined && lastChange?.mergeKey === mergeKey && at - lastChange.at < mergeWindowMs;
  return {
    past: merges ? past : [...past, present].slice(-depth),
    present: next,
    future: [],
    lastChange: mergeKey === undefined ? null : { mergeKey, at },
  };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  const { past, present, future } = history;
  return { past: past.slice(0, -1), present: previous, future: [present, ...future], lastChange: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, lastChange: null };
}

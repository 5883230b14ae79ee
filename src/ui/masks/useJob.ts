import { useEffect, useState } from 'react';

/**
 * The result of a long, abortable job; null until there is one. Give a stable `job` (useCallback): a new one aborts
 * the former, whose result stays until it is replaced. A null job clears the result.
 */
export function useJob<T>(job: ((signal: AbortSignal) => Promise<T | null>) | null): T | null {
  const [result, setResult] = useState<T | null>(null);
  useEffect(() => {
    if (!job) return setResult(null);
    const abort = new AbortController();
    void job(abort.signal).then((value) => {
      if (value !== null && !abort.signal.aborted) setResult(value);
    });
    return () => abort.abort();
  }, [job]);
  return result;
}

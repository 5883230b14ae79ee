// What is made anew at every report of a run seldom differs: the same object again spares all that is drawn from it.
import { useRef } from 'react';

/** The earlier value for as long as the new one has the same content, by its JSON. */
export function useSteady<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

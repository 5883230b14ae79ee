// Which of a notebook's versions stay. Recent ones lie close together, older ones further apart, as with backups: of
// each stretch of time its last version is kept.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Up to an age, one version per stretch (ms). */
const spacings = [
  { age: 10 * MINUTE, stretch: MINUTE },
  { age: 2 * HOUR, stretch: 10 * MINUTE },
  { age: 2 * DAY, stretch: HOUR },
  { age: Number.POSITIVE_INFINITY, stretch: DAY },
] as const;

export const MOST_VERSIONS = 60;

export interface KnownVersions {
  /** When each was saved, in ms since the epoch. */
  readonly times: readonly number[];
  /** Those of `times` that count for themselves: others beside them do not replace them. */
  readonly pinned: readonly number[];
}

/** The times of the versions to keep, the newest first: at most `MOST_VERSIONS`, and always the newest. */
export function keptVersions({ times, pinned }: KnownVersions, now: number): readonly number[] {
  const stretches = new Set<string>();
  const isKept = (at: number, index: number): boolean => {
    if (index === 0 || pinned.includes(at)) return true;
    const { stretch } = spacings.find(({ age }) => now - at < age)!;
    const key = `${stretch} ${Math.floor(at / stretch)}`;
    const isLast = !stretches.has(key);
    stretches.add(key);
    return isLast;
  };
  return times
    .toSorted((a, b) => b - a)
    .filter(isKept)
    .slice(0, MOST_VERSIONS);
}

// What was injected, and what came of it.

export interface Outcome {
  readonly fault: string;
  /** Steps that were on show and had to be made again. */
  readonly lost: number;
}

export function tableOf(outcomes: readonly Outcome[]): string {
  const names = [...new Set(outcomes.map(({ fault }) => fault))].sort();
  const width = Math.max(...names.map(({ length }) => length));
  const rows = names.map((name) => {
    const lost = outcomes.filter(({ fault }) => fault === name).map((outcome) => outcome.lost);
    return `${name.padEnd(width)}  ${String(lost.length).padStart(5)}  ${String(Math.max(...lost)).padStart(10)}`;
  });
  return [`${'Fault'.padEnd(width)}  Times  Steps lost`, ...rows].join('\n');
}

// What was injected, and what came of it.

export interface Outcome {
  readonly fault: string;
  /** Steps that were on show and had to be made again; null where none are counted. */
  readonly lost: number | null;
}

export function tableOf(outcomes: readonly Outcome[]): string {
  const names = [...new Set(outcomes.map(({ fault }) => fault))].sort();
  const width = Math.max(...names.map(({ length }) => length));
  const rows = names.map((name) => {
    const own = outcomes.filter(({ fault }) => fault === name);
    const counted = own.flatMap(({ lost }) => (lost === null ? [] : [lost]));
    const most = counted.length > 0 ? String(Math.max(...counted)) : '–';
    return `${name.padEnd(width)}  ${String(own.length).padStart(5)}  ${most.padStart(10)}`;
  });
  return [`${'Fault'.padEnd(width)}  Times  Steps lost`, ...rows].join('\n');
}

// What every suite of `npm run bench` is: a function from few options to figures, a table of them and what failed.

export interface SuiteOptions {
  /** How often each thing is timed, after the warm-up. */
  readonly steps: number;
  /** Says how far the suite has come. */
  readonly progress: (message: string) => void;
}

export interface SuiteResult {
  /** Every figure, as written to the file. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** The same for people: Markdown. */
  readonly table: string;
  /** Why the figures must not be trusted, or a promise that they break; the command then fails. */
  readonly failures: readonly string[];
}

export type Suite = (options: SuiteOptions) => Promise<SuiteResult>;

// The one error of the engine and of what feeds it: a code to branch on, a sentence to read.

export type ErrorCode =
  | 'bad-model'
  | 'bad-data'
  | 'bad-settings'
  | 'nan-loss'
  | 'device-lost'
  | 'out-of-memory'
  | 'network'
  | 'storage'
  /** A model or data of the Hub that would have to be downloaded first. */
  | 'not-kept'
  | 'internal';

/** `message` reads `where: expected X, got Y.` and, where the user can act, says what to do next. */
export class WinnowError extends Error {
  override readonly name = 'WinnowError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

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

/** Of a file's own words, which a message may quote, no more is shown. */
const LONGEST_MESSAGE = 1000;

/**
 * `message` reads `where: expected X, got Y.` and, where the user can act, says what to do next. A long one loses its
 * middle, so that both ends are there.
 */
export class WinnowError extends Error {
  override readonly name = 'WinnowError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(shortened(message), options);
  }
}

const shortened = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 300)} … ${message.slice(-295)}`;

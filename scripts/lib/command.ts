// What every command line here shares: usage, options that are checked, and errors a person can read.
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A mistake in the command line itself: the usage is printed with it. */
export class UsageError extends Error {}

export interface Command<Options extends NonNullable<ParseArgsConfig['options']>> {
  /** As printed: `npm run golden -- DIR [--backend webgpu|wasm]`. */
  readonly usage: string;
  readonly options: Options;
  readonly positionals: number;
  /** Returns the exit code. */
  run(values: ParsedValues<Options>, positionals: readonly string[]): Promise<number>;
}

type ParsedValues<Options extends NonNullable<ParseArgsConfig['options']>> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>['values'];

/** Runs a command with the process's arguments and exits: 0 done, 1 failed, 2 wrongly called. */
export async function runCommand<Options extends NonNullable<ParseArgsConfig['options']>>(
  command: Command<Options>,
): Promise<never> {
  try {
    const { values, positionals } = parse(command);
    process.exit(await command.run(values, positionals));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UsageError ? `${message}\nUsage: ${command.usage}` : message);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

function parse<Options extends NonNullable<ParseArgsConfig['options']>>({ options, positionals }: Command<Options>) {
  const parsed = parseOrExplain({ options, allowPositionals: true });
  const got = parsed.positionals.length;
  if (got !== positionals) throw new UsageError(`arguments: expected ${positionals}, got ${got}.`);
  return parsed;
}

function parseOrExplain<Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Checks that an option's value is one of those allowed. */
export function oneOf<Choice extends string>(option: string, choices: readonly Choice[], value: string): Choice {
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw new UsageError(`--${option}: expected ${choices.join(' or ')}, got ${value}.`);
  return choice;
}

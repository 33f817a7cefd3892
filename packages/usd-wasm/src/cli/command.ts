import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Output } from './output.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What `parseArgs` makes of the options and names given to a command. */
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>>;

interface CommandDefinition<O extends Options> {
  readonly name: string;
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What `--help` prints; ends in a newline. */
  readonly usage: string;
  /** As `parseArgs` of node:util takes them; `help` is added. */
  readonly options: O;
  /** Exit status of a wrong command line or a thrown error; 1 by default. */
  readonly errorStatus?: number;
  /** Does the work and returns the exit status. What it throws is printed as one line. */
  readonly run: (values: Parsed<O>['values'], names: readonly string[], output: Output) => Promise<number>;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly errorStatus: number;
  /** @param args after the command's name */
  readonly run: (args: readonly string[], output: Output) => Promise<number>;
}

/** A wrong command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command whose `run` gets its options by type. Every command has `--help` and `-h`. */
export function defineCommand<const O extends Options>(definition: CommandDefinition<O>): Command {
  const { name, summary, usage, options, errorStatus = 1, run } = definition;
  return {
    name,
    summary,
    usage,
    errorStatus,
    async run(args, output) {
      // asked for first, so that help needs no complete command line
      const end = args.indexOf('--');
      if ((end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')) {
        await output.print(usage);
        return 0;
      }
      const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
      return run(values, positionals, output);
    },
  };
}

/** The one file that a command takes. */
export function onlyFile(command: string, names: readonly string[]): string {
  const [file, ...rest] = names;
  if (file === undefined) throw new UsageError(`${command} needs a file`);
  if (rest.length > 0) throw new UsageError(`${command} takes one file, found "${rest[0]}" too`);
  return file;
}

/** The command `usd`: reads scenes, prints layers, trees and counts. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { printLayer } from './cat.ts';
import { statsOf } from './stats.ts';
import { treeText } from './tree.ts';

const USAGE = `usd - look at OpenUSD scenes

  usd cat FILE [--flatten] [-o OUT.usda]   print the root layer as text, or the composed scene as one layer
  usd tree FILE                            print the composed prims
  usd stats FILE                           print counts, layers, problems and timings as JSON

FILE is .usda, .usdc, .usd or .usdz, told apart by content. OUT.usdc writes a crate.
Exit status: 0, or 1 with a line that says what went wrong.
`;

/** A wrong command line. */
class UsageError extends Error {}

/**
 * Runs one command.
 *
 * @param args after the command's name
 * @returns exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, flatten: { type: 'boolean' }, out: { type: 'string', short: 'o' } },
    });
    const [command, file, ...rest] = positionals;
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (command === undefined) throw new UsageError('which command? One of cat, tree, stats (usd --help)');
    if (!['cat', 'tree', 'stats'].includes(command)) throw new UsageError(`"${command}" is no command; expected cat, tree or stats`);
    if (file === undefined) throw new UsageError(`${command} needs a file`);
    if (rest.length > 0) throw new UsageError(`${command} takes one file, found "${rest[0]}" too`);
    if (command !== 'cat' && (values.flatten !== undefined || values.out !== undefined))
      throw new UsageError(`${command} takes no options`);
    await write(values.out, await run(command, file, values.flatten === true, values.out));
    return 0;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`usd: ${text.replaceAll(/\s*\n\s*/g, ' ')}\n`);
    return 1;
  }
}

async function run(command: string, file: string, isFlat: boolean, out: string | undefined): Promise<string | Uint8Array> {
  if (command === 'tree') return treeText(file);
  if (command === 'stats') return `${JSON.stringify(await statsOf(file), undefined, 2)}\n`;
  return printLayer(file, isFlat, out?.endsWith('.usdc') === true ? 'usdc' : 'usda');
}

async function write(out: string | undefined, result: string | Uint8Array): Promise<void> {
  if (out !== undefined) return writeFile(out, result);
  await new Promise<void>((resolve, reject) => {
    // whoever reads may have seen enough, as `head` does
    const onError = (error: NodeJS.ErrnoException): void => (error.code === 'EPIPE' ? resolve() : reject(error));
    process.stdout.once('error', onError);
    process.stdout.write(result, (error) => {
      if (error != null) return;
      process.stdout.off('error', onError);
      resolve();
    });
  });
}

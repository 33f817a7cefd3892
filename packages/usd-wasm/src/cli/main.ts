/** The command `usd`: one file per command, named and behaving as OpenUSD's tools. */
import { cat } from './cat.ts';
import { check } from './check.ts';
import { UsageError, type Command } from './command.ts';
import { PROCESS_OUTPUT, type Output } from './output.ts';
import { compose } from './compose.ts';
import { diff } from './diff.ts';
import { resolve } from './resolve.ts';
import { stats } from './stats.ts';
import { tree } from './tree.ts';
import { zip } from './zip.ts';

const COMMANDS: readonly Command[] = [cat, tree, diff, resolve, compose, stats, check, zip];

/**
 * Runs one command.
 *
 * @param args the command's name and what follows it
 * @returns exit status
 */
export async function main(args: readonly string[], output: Output = PROCESS_OUTPUT): Promise<number> {
  const [name, ...rest] = args;
  const command = COMMANDS.find((one) => one.name === name);
  try {
    if (name === '--help' || name === '-h') {
      await output.print(usage());
      return 0;
    }
    const names = COMMANDS.map((one) => one.name);
    if (name === undefined) throw new UsageError(`which command? One of ${names.join(', ')} (usd --help)`);
    if (command === undefined)
      throw new UsageError(`"${name}" is no command; expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);
    return await command.run(rest, output);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    output.warn(`usd: ${text.replaceAll(/\s*\n\s*/g, ' ')}`);
    return command?.errorStatus ?? 1;
  }
}

function usage(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  usd ${name.padEnd(13)}${summary}`);
  return `usd - look at OpenUSD scenes

${lines.join('\n')}

usd COMMAND --help tells more. Files are .usda, .usdc, .usd or .usdz, told apart by content.
Exit status: 0, or another with a line that says what went wrong.
`;
}

import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkAsset, FileResolver, initKernel, isFailed, rulesText, violationLines } from '../node.ts';
import { defineCommand, onlyFile } from './command.ts';

export const check = defineCommand({
  name: 'check',
  summary: 'check a scene or package by the rules of usdchecker',
  usage: `usd check [options] FILE

Checks that a scene or package keeps the rules of OpenUSD's usdchecker, with all combinations of variants. Prints what
breaks them, then "Success!" or "Failed!". Exit status: 0, or 1 when a rule is broken.

  -s, --skipVariants       look at the selected variants only
  -p, --rootPackageOnly    check the package as a file, not its prims, nor what it refers to
  -o, --out FILE           print what is found to a file; "-" is standard output
      --noAssetChecks      the scene is not meant to be referenced, and needs no default prim
      --arkit              also check what ARKit and viewers like it need
  -d, --dumpRules          print the rules
  -v, --verbose            say which file is checked, and count what is found
  -t, --strict             warnings fail the check too
`,
  options: {
    skipVariants: { type: 'boolean', short: 's' },
    rootPackageOnly: { type: 'boolean', short: 'p' },
    out: { type: 'string', short: 'o' },
    noAssetChecks: { type: 'boolean' },
    arkit: { type: 'boolean' },
    dumpRules: { type: 'boolean', short: 'd' },
    verbose: { type: 'boolean', short: 'v' },
    strict: { type: 'boolean', short: 't' },
  },
  async run(options, names, output) {
    const { arkit: isArkit = false, out = '-', strict: isStrict = false, verbose = false } = options;
    if (options.dumpRules === true) {
      await output.print(rulesText(isArkit));
      if (names.length === 0) return 0;
    }
    const file = onlyFile('check', names);
    await initKernel();
    if (verbose) await output.print(`Checking @${file}@${isArkit ? ' for ARKit' : ''}.\n`);
    const violations = await checkAsset(file, {
      resolver: new FileResolver([dirname(file)]),
      isArkit,
      skipsVariants: options.skipVariants === true,
      isRootPackageOnly: options.rootPackageOnly === true,
      isAsset: options.noAssetChecks !== true,
    });
    const lines = violationLines(violations).map((line) => `${line}\n`);
    if (out !== '-') await writeFile(out, lines.join(''));
    else if (lines.length > 0) await output.print(lines.join(''));
    if (verbose) {
      const count = (severity: string): number => violations.filter((violation) => violation.severity === severity).length;
      await output.print(`${count('failure')} failures, ${count('error')} errors, ${count('warning')} warnings.\n`);
    }
    const failed = isFailed(violations, isStrict);
    await output.print(failed ? 'Failed!\n' : violations.length > 0 ? 'Success with warnings...\n' : 'Success!\n');
    return failed ? 1 : 0;
  },
});

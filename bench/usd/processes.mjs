/** Runs a measurement in a process of its own and reads the JSON it prints on its last line. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @param script file beside this one
 * @param nodeFlags flags of the process, e.g. `--expose-gc`
 * @throws Error with what the process said when it fails
 */
export function measureAlone(script, args, nodeFlags = []) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeFlags, file, ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} failed: ${stderr.trim().split('\n').slice(-8).join('\n')}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

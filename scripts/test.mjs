/** `npm test`: installs what is missing (Chromium included) and runs every check and test there is. CI runs the same. */
import { installDependencies, run } from './install.mjs';

installDependencies();
const { ensureChromium } = await import('./chromium.mjs');
const chromium = ensureChromium();
const env = { CHROMIUM: chromium };

/** @type {readonly (readonly [title: string, command: string, args: readonly string[]])[]} */
const steps = [
  ['Kernel', 'npm', ['run', '--silent', 'build:kernel']],
  ['Types', 'npm', ['run', '--silent', 'check:types']],
  ['Lint', 'npm', ['run', '--silent', 'check:lint']],
  ['Format', 'npm', ['run', '--silent', 'check:format']],
  ['Dead code', 'npm', ['run', '--silent', 'check:knip']],
  ['API reference', 'npm', ['run', '--silent', 'docs:api', '--', '--check']],
  ['Manifest of the element', 'npm', ['run', '--silent', 'docs:elements', '--', '--check']],
  ['Build', 'npm', ['run', '--silent', 'build']],
  ['Unit, element, pass and build tests', 'npx', ['vitest', 'run']],
  ['Size', 'npm', ['run', '--silent', 'size']],
  ['Documentation', 'npm', ['run', '--silent', 'docs']],
  ['Examples', 'npm', ['run', '--silent', 'examples']],
  ['End-to-end and golden tests', 'npx', ['playwright', 'test']],
];
const started = Date.now();
for (const [title, command, args] of steps) {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n== ${title} (at ${seconds} s)`);
  run(command, args, env);
}
console.log(`\nAll checks passed in ${Math.round((Date.now() - started) / 1000)} s`);

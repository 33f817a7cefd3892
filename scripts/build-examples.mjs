/**
 * `npm run examples [-- NAME…]`: puts the built element into the projects in `examples/` and builds each with what is installed. Without
 * names, what is not installed is skipped, saying so; what is named has to be built.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** As they are: nothing to build. */
const PLAIN = { embed: 'embed', output: '.', build: () => undefined };
/** Name → where the element goes, and how to build; a builder gives why it cannot, or undefined. */
const EXAMPLES = {
  'plain-html': PLAIN,
  'share-windows': PLAIN,
  'share-simulation': PLAIN,
  'share-cpu': PLAIN,
  'share-iframe': PLAIN,
  vitepress: { embed: 'public/embed', output: '.vitepress/dist', build: buildVitePress },
  mkdocs: { embed: 'docs/embed', output: 'site', build: (folder) => runIfThere('mkdocs', ['build', '--strict', '--quiet'], folder) },
  sphinx: {
    embed: '_static/embed',
    output: '_build',
    build: (folder) => runIfThere('sphinx-build', ['-b', 'html', '-W', '-q', '.', '_build'], folder),
  },
  docusaurus: { embed: 'static/embed', output: 'build', build: buildDocusaurus, isOnRequest: true },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in EXAMPLES));
if (unknown.length > 0) stop(`no such example: ${unknown.join(', ')}; there are ${Object.keys(EXAMPLES).join(', ')}`);
if (!existsSync(at('dist/embed/usd-view.js'))) stop('dist/embed is not built: run "npm run build" first');

for (const [name, { embed, output, build, isOnRequest }] of Object.entries(EXAMPLES)) {
  const isNamed = named.includes(name);
  if (named.length > 0 && !isNamed) continue;
  const folder = at(`examples/${name}`);
  if (isOnRequest && !isNamed) {
    console.log(`${name}: skipped, for it installs much: "npm run examples -- ${name}" builds it`);
    continue;
  }
  rmSync(join(folder, embed), { recursive: true, force: true });
  cpSync(at('dist/embed'), join(folder, embed), { recursive: true });
  // What an earlier build left must not pass for this one's.
  if (output !== '.') rmSync(join(folder, output), { recursive: true, force: true });
  const reason = build(folder);
  if (reason === undefined) console.log(`${name}: built, examples/${name}/${output === '.' ? '' : output}`);
  else if (isNamed) stop(`${name}: ${reason}`);
  else console.log(`${name}: skipped, ${reason}`);
}

/** With the VitePress of the documentation site. */
function buildVitePress(folder) {
  run('npm', ['exec', '--workspace=docs-site', '--', 'vitepress', 'build', folder], at(''));
}

function buildDocusaurus(folder) {
  if (!existsSync(join(folder, 'node_modules/@docusaurus/core'))) {
    run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--workspaces=false'], folder);
  }
  run('npm', ['run', '--silent', 'build'], folder);
}

/** @returns why not */
function runIfThere(command, args, folder) {
  if (spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0) return `"${command}" is not installed`;
  run(command, args, folder);
  return undefined;
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error !== undefined || status !== 0)
    stop(`"${command} ${args.join(' ')}" failed in ${cwd}${error === undefined ? '' : `: ${error.message}`}`);
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

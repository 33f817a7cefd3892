/** `npm start`: installs what is missing, builds, serves `dist/` on 127.0.0.1:4173 (the next free port if taken) and opens a browser. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installDependencies, run } from './install.mjs';

installDependencies();
run('npm', ['run', '--silent', 'build']);
const { preview } = await import('vite');
const server = await preview({ preview: { host: '127.0.0.1', port: 4173, strictPort: false }, logLevel: 'error' });
const url = server.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4173/';
console.log(`Proscenium is at ${url} (Ctrl+C ends it)`);
openBrowser(url);

/** Opens the user's browser where there is a desktop; silence elsewhere, the URL is printed. */
function openBrowser(address) {
  if (process.env['CI'] !== undefined || process.env['BROWSER'] === 'none') return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  const hasDesktop = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  if (!hasDesktop || command === undefined || (command === 'xdg-open' && !existsSync('/usr/bin/xdg-open'))) return;
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => console.log('No browser could be opened; open the address yourself'))
    .unref();
}

/**
 * Serves both engines and the corpus to cross-origin isolated pages: OpenUSD's WebAssembly starts threads and needs shared memory, so
 * its pages must have the two headers; ours do not need them and get them all the same. Nothing is cached.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
};

/** @param folders what lies below each first segment of a URL path, by name, e.g. `corpus` */
export async function serveSite(folders) {
  const places = {
    pages: join(root, 'bench/usd/pages'),
    openusd: join(root, 'node_modules/three-usdz-loader/external'),
    ours: join(root, 'packages/usd-wasm/dist'),
    ...folders,
  };
  const server = createServer((request, response) => {
    const [, place, ...rest] = normalize(decodeURIComponent(new URL(request.url, 'http://host').pathname)).split('/');
    const file = places[place] === undefined ? '' : join(places[place], ...rest);
    if (file === '' || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, HEADERS).end();
      return;
    }
    response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

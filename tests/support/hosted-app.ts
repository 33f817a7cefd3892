/** The built app on a static host: `dist/` with its `_headers` or without, which can be stopped, damaged, and given another version. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { headersFor, parseHeadersFile, type HeadersRule } from './headers-file.ts';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html; charset=utf-8',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  png: 'image/png',
  svg: 'image/svg+xml',
  usdz: 'model/vnd.usdz+zip',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
};

export class HostedApp {
  /** Paths asked for so far, in order, without queries. */
  readonly requests: string[] = [];
  /** Paths that are answered with these contents, or with an error where they are undefined. */
  readonly changed = new Map<string, string | Uint8Array | undefined>();

  #folder: string;
  #rules: readonly HeadersRule[];
  #server: Server | undefined;
  #port = 0;

  private constructor(folder: string, hasHeaders: boolean) {
    this.#folder = folder;
    this.#rules = hasHeaders ? parseHeadersFile(readFileSync(join(folder, '_headers'), 'utf8')) : [];
  }

  /** @param options.hasHeaders the host sends what `_headers` says; otherwise it is one that cannot */
  static async start({ folder = 'dist', hasHeaders = false } = {}): Promise<HostedApp> {
    if (!existsSync(join(folder, 'index.html'))) throw new Error(`${folder}/ is not built: run "npm run build" first`);
    const app = new HostedApp(folder, hasHeaders);
    await app.restart();
    return app;
  }

  /** `http://127.0.0.1:PORT/`, the same after a restart. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async restart(): Promise<void> {
    this.#server = createServer((request, response) => this.#answer(request, response));
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody answers any more. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  /** A file of the build, by its path within it. */
  read(path: string): Uint8Array {
    return readFileSync(join(this.#folder, path));
  }

  /** Paths of the build's files below a folder of it. */
  list(folder: string): readonly string[] {
    return readdirSync(join(this.#folder, folder)).map((name) => `${folder}/${name}`);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    this.requests.push(path);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
      return;
    }
    const file = path.endsWith('/') ? `${path}index.html` : path;
    const body = this.#bodyOf(file);
    if (body === undefined) {
      response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>Not found</h1>');
      return;
    }
    const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
    const headers = {
      'content-type': TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      etag,
      ...headersFor(this.#rules, path),
    };
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : body);
  }

  #bodyOf(path: string): string | Uint8Array | undefined {
    if (this.changed.has(path)) return this.changed.get(path);
    const file = join(this.#folder, normalize(path));
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
  }
}

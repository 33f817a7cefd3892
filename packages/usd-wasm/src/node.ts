/** Everything of `usd-wasm`, and what only Node has: files on disk. Entry `usd-wasm/node`. */
export * from './index.ts';
export { FileResolver } from './ar/file-resolver.ts';

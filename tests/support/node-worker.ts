import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { build } from 'vite';

/** Bundles a TypeScript file for a thread of Node: threads do not get Vitest's transforms. @returns starts a worker with it */
export async function bundleNodeWorker(entry: URL): Promise<(options?: WorkerOptions) => Worker> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(entry),
      write: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { format: 'cjs', codeSplitting: false } },
    },
  });
  if (!('output' in built)) throw new Error(`${entry.href} was not built`);
  const { code } = built.output[0];
  return (options = {}) => new Worker(code, { ...options, eval: true });
}

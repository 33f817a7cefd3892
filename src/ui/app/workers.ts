/** Starts the two workers and the port between them. The only file that names their entry files. */

/** What the page needs of a worker; tests hand in message ports of their own. */
export interface WorkerEndpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: Event) => void): void;
}

export interface ViewerWorkers {
  readonly engine: WorkerEndpoint;
  readonly renderer: WorkerEndpoint;
  /** Goes to the USD worker with `connect`. */
  readonly engineScene: MessagePort;
  /** Goes to the render worker with the first `attach`. */
  readonly rendererScene: MessagePort;
}

/** Both scripts are fetched and started in parallel; messages sent before they run wait for them. */
export function startWorkers(): ViewerWorkers {
  const engine = new Worker(new URL('../../workers/usd/worker.ts', import.meta.url), { type: 'module', name: 'usd' });
  const renderer = new Worker(new URL('../../gpu/render-worker.ts', import.meta.url), { type: 'module', name: 'render' });
  const scene = new MessageChannel();
  return { engine, renderer, engineScene: scene.port1, rendererScene: scene.port2 };
}

/** The page's own workers start while its module is evaluated: before any element is defined. Tests import types only. */
export const workers: ViewerWorkers = startWorkers();

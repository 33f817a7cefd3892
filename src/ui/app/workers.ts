/** Starts the page's two workers. The only file that names their entry files. */
import { ViewHost } from '../../share/protocol/views.ts';

/** Both scripts are fetched and started in parallel; messages sent before they run wait for them. */
function startWorkers(): ViewHost {
  const engine = new Worker(new URL('../../workers/usd/worker.ts', import.meta.url), { type: 'module', name: 'usd' });
  const renderer = new Worker(new URL('../../gpu/render-worker.ts', import.meta.url), { type: 'module', name: 'render' });
  return new ViewHost({ engine, renderer });
}

/** The page's own workers start while its module is evaluated: before any element is defined. */
export const workers: ViewHost = startWorkers();

/** Starts the page's two workers. The only file that names their entry files. */
import rendererUrl from '../../gpu/render-worker.ts?worker&url';
import { ViewHost } from '../../share/protocol/views.ts';
import engineUrl from '../../workers/usd/worker.ts?worker&url';
import { startWorker } from './start-worker.ts';

/** Both scripts are fetched and started in parallel; messages sent before they run wait for them. */
function startWorkers(): ViewHost {
  const start = (url: string, name: string): Worker => startWorker(new URL(url, import.meta.url).href, name);
  return new ViewHost({ engine: start(engineUrl, 'usd'), renderer: start(rendererUrl, 'render') });
}

let host: ViewHost | undefined;

/** The page's own workers, started when they are first asked for. */
export function pageWorkers(): ViewHost {
  host ??= startWorkers();
  return host;
}

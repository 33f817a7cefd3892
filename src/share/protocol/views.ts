/**
 * One USD worker and one render worker serve all views of a page. The page sends a worker `openView` with a port; all
 * messages of that view (`engine.ts`, `renderer.ts`) then go through the port, which stands where the worker would.
 * `dispose` ends the view; a message after it is not answered.
 */

/** Page → worker, the only message that goes to the worker itself. */
export interface OpenView {
  readonly kind: 'openView';
  readonly port: MessagePort;
}

/** Page → worker, over the view's port: closes the stage, or frees the scene and lets the canvas go. The port is closed after it. */
export interface DisposeView {
  readonly kind: 'dispose';
}

/** What the page needs of one side of a view; tests hand in endpoints of their own. */
export interface WorkerEndpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: Event) => void): void;
}

/** Both sides of one view, and the channel between them. */
export interface ViewerWorkers {
  readonly engine: WorkerEndpoint;
  readonly renderer: WorkerEndpoint;
  /** Goes to the USD worker with `connect`. */
  readonly engineScene: MessagePort;
  /** Goes to the render worker with the first `attach`. */
  readonly rendererScene: MessagePort;
  /** Ends the view on both sides. Safe to call twice. */
  dispose(): void;
}

/** The page's hold on its two workers. */
export class ViewHost {
  #engine: SharedWorkerSide;
  #renderer: SharedWorkerSide;

  constructor(workers: { readonly engine: Worker; readonly renderer: Worker }) {
    this.#engine = new SharedWorkerSide(workers.engine);
    this.#renderer = new SharedWorkerSide(workers.renderer);
  }

  /** Messages sent before the workers run wait for them. */
  openView(): ViewerWorkers {
    const engine = this.#engine.open();
    const renderer = this.#renderer.open();
    const scene = new MessageChannel();
    return {
      engine,
      renderer,
      engineScene: scene.port1,
      rendererScene: scene.port2,
      dispose: () => {
        engine.dispose();
        renderer.dispose();
      },
    };
  }
}

/** One worker and the views that are open on it: a failure of the worker is a failure of each. */
class SharedWorkerSide {
  #worker: Worker;
  #views = new Set<ViewEndpoint>();
  #failure: Event | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    const fail = (event: Event): void => {
      this.#failure = event;
      for (const view of this.#views) view.fail(event);
    };
    worker.addEventListener('error', fail);
    worker.addEventListener('messageerror', fail);
  }

  open(): ViewEndpoint {
    const { port1, port2 } = new MessageChannel();
    const view = new ViewEndpoint(port1, this.#failure, () => this.#views.delete(view));
    this.#views.add(view);
    this.#worker.postMessage({ kind: 'openView', port: port2 } satisfies OpenView, [port2]);
    return view;
  }
}

/** A view's port, with the errors of the worker behind it. */
class ViewEndpoint implements WorkerEndpoint {
  #port: MessagePort;
  #failure: Event | undefined;
  #onError: ((event: Event) => void)[] = [];
  #onDispose: () => void;
  #isDisposed = false;

  /** @param failure of the worker, when it came before the view */
  constructor(port: MessagePort, failure: Event | undefined, onDispose: () => void) {
    this.#port = port;
    this.#failure = failure;
    this.#onDispose = onDispose;
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    if (!this.#isDisposed) this.#port.postMessage(message, transfer);
  }

  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: Event) => void): void {
    if (type === 'error') {
      this.#onError.push(listener);
      const failure = this.#failure;
      if (failure !== undefined) queueMicrotask(() => listener(failure));
      return;
    }
    this.#port.addEventListener(type, listener);
    // A port holds its messages back until it is started.
    if (type === 'message') this.#port.start();
  }

  fail(event: Event): void {
    this.#failure = event;
    for (const listener of this.#onError) listener(event);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.postMessage({ kind: 'dispose' } satisfies DisposeView, []);
    this.#isDisposed = true;
    this.#port.close();
    this.#onDispose();
  }
}

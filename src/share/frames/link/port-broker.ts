/** A SharedWorker; the types of workers' realms lack it. */
interface BrokerWorker {
  readonly port: MessagePort;
  addEventListener(type: 'error', listener: () => void): void;
}

declare const SharedWorker: (new (script: string | URL, options: { type: 'module'; name: string }) => BrokerWorker) | undefined;

/** Client of the SharedWorker `share-broker.ts`. */
export class PortBroker {
  #worker: BrokerWorker;
  #meetings = new Map<string, (port: MessagePort | undefined) => void>();
  #hasFailed = false;

  /**
   * @param worker runs `share-broker.ts`; both ends must give the same address (`new URL('./share-broker.ts', import.meta.url)` in a build of Vite's, or
   * where the script was put)
   */
  constructor(worker: BrokerWorker) {
    this.#worker = worker;
    worker.port.addEventListener('message', ({ data, ports }) => {
      const { meeting } = (data ?? {}) as { meeting?: string };
      this.#end(meeting ?? '', ports[0]);
    });
    worker.addEventListener('error', () => {
      this.#hasFailed = true;
      for (const meeting of this.#meetings.keys()) this.#end(meeting, undefined);
    });
    worker.port.start();
  }

  /** Resolves with a port to who else asks for the meeting, or undefined when nobody does in time. */
  meet(meeting: string, timeoutMs: number): Promise<MessagePort | undefined> {
    if (this.#hasFailed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#worker.port.postMessage({ kind: 'leave', meeting });
        this.#end(meeting, undefined);
      }, timeoutMs);
      this.#meetings.set(meeting, (port) => {
        clearTimeout(timer);
        resolve(port);
      });
      this.#worker.port.postMessage({ kind: 'meet', meeting });
    });
  }

  /** Ends all meetings. Safe to call twice. */
  close(): void {
    for (const meeting of this.#meetings.keys()) this.#end(meeting, undefined);
    this.#hasFailed = true;
    this.#worker.port.close();
  }

  #end(meeting: string, port: MessagePort | undefined): void {
    const settle = this.#meetings.get(meeting);
    this.#meetings.delete(meeting);
    if (settle === undefined) port?.close();
    else settle(port);
  }
}

/**
 * @param script address of the broker's script where it is not beside this module as Vite puts it
 * @returns undefined where there are no SharedWorkers: in workers, in opaque origins, in some browsers
 */
export function openPortBroker(script?: string | URL): PortBroker | undefined {
  if (typeof SharedWorker !== 'function') return undefined;
  try {
    return new PortBroker(
      script === undefined
        ? new SharedWorker(new URL('./share-broker.ts', import.meta.url), { type: 'module', name: 'share-broker' })
        : new SharedWorker(script, { type: 'module', name: 'share-broker' }),
    );
  } catch {
    // An opaque origin, or a policy that forbids the script: links without it do.
    return undefined;
  }
}

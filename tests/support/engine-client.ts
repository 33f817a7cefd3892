/** Drives the engine in Node as the page does: calls in, replies and events out, the scene recorded. */
import { CallClient } from '../../src/share/protocol/channel.ts';
import type { EngineCalls, EngineEvent, EngineMessage, EngineRequest, FileEntry } from '../../src/share/protocol/engine.ts';
import type { EnvironmentChange, SceneMessage } from '../../src/share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../../src/share/protocol/version.ts';
import { Engine } from '../../src/workers/usd/engine.ts';
import { RecordedScene } from './recorded-scene.ts';

export class EngineClient {
  readonly calls: CallClient<EngineCalls>;
  readonly events: EngineEvent[] = [];
  readonly scene = new Map<number, RecordedScene>();
  readonly environments: EnvironmentChange[] = [];
  #engine: Engine;
  #onEvent: (() => void)[] = [];

  constructor(kernelReady: Promise<unknown> = Promise.resolve()) {
    const engine = new Engine((message) => this.#take(message), kernelReady);
    this.#engine = engine;
    this.calls = new CallClient<EngineCalls>({ postMessage: (message) => engine.handle(message as EngineRequest) });
    const port = {
      onmessage: null as ((event: MessageEvent) => void) | null,
      close: () => undefined,
      postMessage: (changes: SceneMessage, transfer: Transferable[]) => {
        if (changes.kind === 'environmentChange') {
          this.environments.push(structuredClone(changes, { transfer }));
          return;
        }
        let recorded = this.scene.get(changes.stage);
        if (recorded === undefined) this.scene.set(changes.stage, (recorded = new RecordedScene()));
        recorded.postMessage(changes, transfer);
        setTimeout(
          () => port.onmessage?.({ data: { kind: 'sceneAck', stage: changes.stage, sequence: changes.sequence } } as MessageEvent),
          0,
        );
      },
    };
    void this.calls.call('connect', { protocol: PROTOCOL_VERSION, scene: port as unknown as MessagePort });
  }

  /** The view ends. */
  dispose(): void {
    this.#engine.handle({ kind: 'dispose' });
  }

  open(
    files: Record<string, string | Uint8Array>,
    root: string,
    options: Partial<EngineCalls['openStage']['request']> & { signal?: AbortSignal } = {},
  ) {
    const { signal, ...request } = options;
    return this.calls.call(
      'openStage',
      { source: { kind: 'files', files: fileEntries(files), root }, ...request },
      signal === undefined ? {} : { signal },
    );
  }

  /** The first event, past or coming, for which the test holds. */
  async until<T extends EngineEvent>(test: (event: EngineEvent) => event is T): Promise<T>;
  async until(test: (event: EngineEvent) => boolean): Promise<EngineEvent>;
  async until(test: (event: EngineEvent) => boolean): Promise<EngineEvent> {
    for (;;) {
      const found = this.events.find(test);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#onEvent.push(resolve));
    }
  }

  complete(): Promise<EngineEvent> {
    return this.until((event) => event.kind === 'progress' && event.phase === 'done');
  }

  get problems(): string[] {
    return this.events.flatMap((event) => (event.kind === 'problems' ? event.problems.map((problem) => problem.code) : []));
  }

  get newestScene(): RecordedScene {
    return [...this.scene.values()].at(-1)!;
  }

  #take(message: EngineMessage): void {
    if (this.calls.settle(message)) return;
    this.events.push(message as EngineEvent);
    for (const resolve of this.#onEvent.splice(0)) resolve();
  }
}

export function fileEntries(files: Record<string, string | Uint8Array>): FileEntry[] {
  return Object.entries(files).map(([path, content]) => ({ path, file: new File([content as BlobPart], path.split('/').at(-1)!) }));
}

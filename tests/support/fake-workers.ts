/** Both workers of the page, played by a script: every call is recorded and answered by the handlers a test gives. */
import type { EngineCalls, StageSummary, TreeRow } from '../../src/share/protocol/engine.ts';
import type { ErrorInfo } from '../../src/share/protocol/error-info.ts';
import type { RendererCalls, RenderStats } from '../../src/share/protocol/renderer.ts';
import type { StageId } from '../../src/share/protocol/scene.ts';
import type { ViewerWorkers } from '../../src/share/protocol/views.ts';

type Handlers<Calls extends Record<string, { request: object; reply: unknown }>> = {
  [K in keyof Calls]?: (request: Calls[K]['request']) => Calls[K]['reply'] | Promise<Calls[K]['reply']>;
};

/** Thrown by a handler: the call fails with this. */
export class FakeFailure extends Error {
  readonly info: ErrorInfo;

  constructor(info: ErrorInfo) {
    super(info.message);
    this.info = info;
  }
}

export class FakeEndpoint<Calls extends Record<string, { request: object; reply: unknown }>> extends EventTarget {
  /** Everything received, oldest first. */
  readonly received: { readonly kind: string; readonly [field: string]: unknown }[] = [];
  readonly transferred: Transferable[] = [];
  handlers: Handlers<Calls>;

  constructor(handlers: Handlers<Calls>) {
    super();
    this.handlers = handlers;
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    const request = message as { kind: string; call?: number };
    this.received.push(request);
    this.transferred.push(...transfer);
    const handler = this.handlers[request.kind] as ((request: object) => unknown) | undefined;
    if (request.call === undefined || handler === undefined) return;
    const { call } = request;
    Promise.resolve(request)
      .then(handler)
      .then(
        (reply) => this.emit({ kind: 'reply', call, reply }),
        (error: unknown) => {
          if (!(error instanceof FakeFailure)) throw error;
          this.emit({ kind: 'failed', call, error: error.info });
        },
      );
  }

  /** A message from the worker to the page. */
  emit(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }

  kinds(): string[] {
    return this.received.map(({ kind }) => kind);
  }
}

export const STATS: RenderStats = {
  instances: 3,
  meshes: 2,
  triangles: 1200,
  draws: 4,
  materials: 1,
  textures: 1,
  gpuBytes: 5_000_000,
  frames: 9,
  encodeMs: 0.1,
};

export function summaryOf(stage: number, name: string, more: Partial<StageSummary> = {}): StageSummary {
  return {
    stage: stage as StageId,
    name,
    upAxis: 'Y',
    metersPerUnit: 1,
    timeCodesPerSecond: 24,
    framesPerSecond: 24,
    isAnimated: false,
    primCount: 3,
    layerCount: 1,
    cameras: [],
    variantSets: [],
    accessibility: [],
    bounds: [-1, -1, -1, 1, 1, 1],
    ...more,
  };
}

export function treeRow(index: number, more: Partial<TreeRow> = {}): TreeRow {
  return {
    path: `/World/Prim_${index}`,
    name: `Prim_${index}`,
    typeName: 'Mesh',
    depth: 1,
    hasChildren: false,
    isExpanded: false,
    isActive: true,
    isInstance: false,
    specifier: 'def',
    visibility: 'visible',
    problemCount: 0,
    ...more,
  };
}

export interface FakeWorkers extends ViewerWorkers {
  readonly engine: FakeEndpoint<EngineCalls>;
  readonly renderer: FakeEndpoint<RendererCalls>;
}

/** Workers that open anything at once as a small stage; `engine` and `renderer` replace single answers. */
export function fakeWorkers(engine: Handlers<EngineCalls> = {}, renderer: Handlers<RendererCalls> = {}): FakeWorkers {
  const scene = new MessageChannel();
  let stage = 0;
  const endpoint: FakeEndpoint<EngineCalls> = new FakeEndpoint<EngineCalls>({
    connect: ({ protocol }) => ({ protocol }),
    openStage: ({ source }) => {
      const summary = summaryOf(stage++, source.kind === 'files' ? source.root : source.url);
      setTimeout(() => endpoint.emit({ kind: 'progress', phase: 'done', loadedBytes: 0, totalBytes: 0, done: 0, total: 0 }), 5);
      return summary;
    },
    closeStage: () => ({}),
    setTime: ({ timeCode }) => ({ timeCode }),
    treeRows: ({ first }) => ({ totalRows: 0, first, rows: [] }),
    setTreeFilter: () => ({ totalRows: 0 }),
    setVisibility: () => ({}),
    primDetails: ({ path }) => ({ path, typeName: 'Mesh', properties: [], variantSets: [] }),
    primBounds: () => ({}),
    thumbnail: () => ({}),
    ...engine,
  });
  const drawing = new FakeEndpoint<RendererCalls>({
    attach: ({ protocol }) => ({ protocol, adapter: 'fake adapter' }),
    settle: () => STATS,
    capture: () => ({ blob: new Blob(['png'], { type: 'image/png' }) }),
    pick: () => ({}),
    ...renderer,
  });
  return {
    engine: endpoint,
    renderer: drawing,
    engineScene: scene.port1,
    rendererScene: scene.port2,
    dispose: () => {
      for (const side of [endpoint, drawing]) side.postMessage({ kind: 'dispose' }, []);
    },
  };
}

/**
 * Frame cost of our render worker: `encodeMs` of its statistics, camera moving every frame. The worker is the app's own;
 * the scene is fed over the same port and protocol the USD worker uses.
 */
import { CallClient } from '../../src/share/protocol/channel.ts';
import {
  DEFAULT_RENDER_SETTINGS,
  type RendererCalls,
  type RendererCommand,
  type RendererMessage,
  type RenderStats,
} from '../../src/share/protocol/renderer.ts';
import {
  InstanceFlag,
  NONE_ID,
  transferOfSceneChanges,
  type MaterialId,
  type MaterialSnapshot,
  type MeshId,
  type MeshSnapshot,
  type SceneChanges,
  type StageId,
} from '../../src/share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../../src/share/protocol/version.ts';
import type { OpenView } from '../../src/share/protocol/views.ts';
import { bumpySphere, figuresOf, gridColor, gridPosition, type FrameCase, type FrameFigures } from './geometry.ts';

declare global {
  interface Window {
    measureOurs(
      frameCase: FrameCase,
      options: { frames: number; warmup: number },
    ): Promise<FrameFigures & { draws: number; gpuBytes: number }>;
    isReady: boolean;
  }
}

const STAGE = 1 as StageId;
const FLAGS = InstanceFlag.visible | InstanceFlag.purposeDefault;
const BATCH = 1000;
const worker = new Worker(new URL('../../src/gpu/render-worker.ts', import.meta.url), { type: 'module' });
const { port1: view, port2: viewPort } = new MessageChannel();
worker.postMessage({ kind: 'openView', port: viewPort } satisfies OpenView, [viewPort]);
const calls = new CallClient<RendererCalls>(view);
const { port1: scenePort, port2: workerPort } = new MessageChannel();
scenePort.start();
view.onmessage = (event: MessageEvent<RendererMessage>) => {
  const message = event.data;
  if (message.kind === 'problem' || message.kind === 'unavailable' || message.kind === 'lost') throw new Error(JSON.stringify(message));
  else calls.settle(message);
};
const canvas = (document.querySelector('canvas') as HTMLCanvasElement).transferControlToOffscreen();
await calls.call(
  'attach',
  { protocol: PROTOCOL_VERSION, canvas, size: { width: 64, height: 64 }, scene: workerPort },
  { transfer: [canvas, workerPort] },
);
command({ kind: 'setSettings', settings: { ...DEFAULT_RENDER_SETTINGS, shadowIntensity: 0 } });

window.measureOurs = async (frameCase, { frames, warmup }) => {
  const buildStart = performance.now();
  let sequence = 0;
  const send = (changes: Omit<SceneChanges, 'kind' | 'stage' | 'sequence'>): void => {
    const message: SceneChanges = { kind: 'sceneChanges', stage: STAGE, sequence: sequence++, ...changes };
    scenePort.postMessage(message, transferOfSceneChanges(message));
  };
  const { count, kind, isMoving } = frameCase;
  const side = Math.cbrt(count);
  send({ reset: { upAxis: 'Y', metersPerUnit: 1 }, bounds: [-side / 2, -side / 2, -side / 2, side / 2, side / 2, side / 2] });
  const distinct = kind === 'distinct' ? count : 1;
  for (let first = 0; first < distinct; first += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, distinct - first) }, (_, i) => first + i);
    send({ materials: ids.map((id) => material(id)), meshes: ids.map((id) => mesh(id)) });
  }
  send({
    instances: {
      ids: Uint32Array.from({ length: count }, (_, i) => i),
      meshes: Uint32Array.from({ length: count }, (_, i) => (kind === 'distinct' ? i : 0)),
      materials: Uint32Array.from({ length: count }, (_, i) => (kind === 'distinct' ? i : 0)),
      prims: Uint32Array.from({ length: count }, (_, i) => i),
      flags: new Uint32Array(count).fill(FLAGS),
      worldFromLocal: placements(count, 0),
    },
    milestone: 'complete',
  });
  await draw(0);
  const buildMs = performance.now() - buildStart;
  const samples: number[] = [];
  let last: RenderStats | undefined;
  for (let frame = 1; frame <= warmup + frames; frame++) {
    if (isMoving)
      send({ transforms: { ids: Uint32Array.from({ length: count }, (_, i) => i), worldFromLocal: placements(count, frame * 0.01) } });
    last = await draw(frame);
    if (frame > warmup) samples.push(last.encodeMs);
  }
  return { ...figuresOf(samples, buildMs), draws: last?.draws ?? 0, gpuBytes: last?.gpuBytes ?? 0 };

  /** One frame, waited for as the other side waits for its own. */
  async function draw(frame: number): Promise<RenderStats> {
    const angle = frame * 0.01;
    const eye = [Math.sin(angle) * side * 2, side * 0.6, Math.cos(angle) * side * 2] as const;
    command({ kind: 'setCamera', camera: { eye, target: [0, 0, 0], up: [0, 1, 0], fovYRadians: (40 * Math.PI) / 180, near: 0.1 } });
    return calls.call('settle', {});
  }
};
window.isReady = true;

function command(message: RendererCommand): void {
  view.postMessage(message);
}

function placements(count: number, angle: number): Float32Array {
  const matrices = new Float32Array(count * 16);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < count; i++) {
    const [x, y, z] = gridPosition(i, count);
    matrices.set([cosine, 0, -sine, 0, 0, 1, 0, 0, sine, 0, cosine, 0, x, y, z, 1], i * 16);
  }
  return matrices;
}

function mesh(id: number): MeshSnapshot {
  const { positions, normals, uvs, indices } = bumpySphere(id, 6, 4);
  return {
    id: id as MeshId,
    label: `mesh ${id}`,
    positions,
    normals,
    uvs: [uvs],
    indices,
    subsets: [{ firstTriangle: 0, triangleCount: indices.length / 3, material: NONE_ID as MaterialId }],
    bounds: [-0.45, -0.45, -0.45, 0.45, 0.45, 0.45],
    isDoubleSided: false,
  };
}

function material(id: number): MaterialSnapshot {
  const constant = (...value: number[]): { value: number[] } => ({ value });
  return {
    id: id as MaterialId,
    label: `material ${id}`,
    useSpecularWorkflow: false,
    diffuseColor: constant(...gridColor(id)),
    emissiveColor: constant(0, 0, 0),
    specularColor: constant(0, 0, 0),
    metallic: constant(0),
    roughness: constant(0.5),
    clearcoat: constant(0),
    clearcoatRoughness: constant(0.01),
    opacity: constant(1),
    opacityThreshold: 0,
    opacityMode: 'transparent',
    ior: 1.5,
    normal: constant(0, 0, 1),
    occlusion: constant(1),
    usesVertexColor: false,
    usesVertexOpacity: false,
  };
}

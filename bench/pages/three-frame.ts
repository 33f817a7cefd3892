/** Frame cost of three.js's WebGPURenderer: JavaScript milliseconds of one `render` call, camera moving every frame. */
import {
  BufferAttribute,
  BufferGeometry,
  BundleGroup,
  Color,
  DirectionalLight,
  Group,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  Scene,
  WebGPURenderer,
} from 'three/webgpu';
import { bumpySphere, figuresOf, gridColor, gridPosition, type FrameCase, type FrameFigures } from './geometry.ts';

declare global {
  interface Window {
    measureThree(frameCase: FrameCase, options: { isBundled: boolean; frames: number; warmup: number }): Promise<FrameFigures>;
    isReady: boolean;
  }
}

const canvas = document.querySelector('canvas') as HTMLCanvasElement;
const renderer = new WebGPURenderer({ canvas, antialias: true });
renderer.setSize(64, 64, false);
await renderer.init();
const { device } = renderer.backend as unknown as { device: GPUDevice };

window.measureThree = async (frameCase, { isBundled, frames, warmup }) => {
  const buildStart = performance.now();
  const scene = new Scene();
  scene.add(new DirectionalLight(0xffffff, 2));
  const parent: Group = isBundled ? (new BundleGroup() as unknown as Group) : new Group();
  scene.add(parent);
  const movers: Mesh[] = [];
  if (frameCase.kind === 'distinct') {
    for (let i = 0; i < frameCase.count; i++) {
      const mesh = new Mesh(toGeometry(i), new MeshStandardMaterial({ color: new Color(...gridColor(i)), roughness: 0.5 }));
      mesh.position.set(...gridPosition(i, frameCase.count));
      mesh.matrixAutoUpdate = frameCase.isMoving;
      mesh.updateMatrix();
      parent.add(mesh);
      movers.push(mesh);
    }
  } else {
    const mesh = new InstancedMesh(toGeometry(0), new MeshStandardMaterial({ roughness: 0.5 }), frameCase.count);
    const matrix = new Matrix4();
    for (let i = 0; i < frameCase.count; i++) mesh.setMatrixAt(i, matrix.makeTranslation(...gridPosition(i, frameCase.count)));
    parent.add(mesh);
  }
  const side = Math.cbrt(frameCase.count);
  const camera = new PerspectiveCamera(40, 1, 0.1, side * 10);
  const draw = async (frame: number): Promise<number> => {
    const angle = frame * 0.01;
    const start = performance.now();
    camera.position.set(Math.sin(angle) * side * 2, side * 0.6, Math.cos(angle) * side * 2);
    camera.lookAt(0, 0, 0);
    if (frameCase.isMoving) for (const mesh of movers) mesh.rotation.y = angle;
    renderer.render(scene, camera);
    const spent = performance.now() - start;
    await device.queue.onSubmittedWorkDone();
    return spent;
  };
  await draw(0);
  const buildMs = performance.now() - buildStart;
  for (let frame = 1; frame <= warmup; frame++) await draw(frame);
  const samples: number[] = [];
  for (let frame = 0; frame < frames; frame++) samples.push(await draw(warmup + frame + 1));
  return figuresOf(samples, buildMs);
};
window.isReady = true;

function toGeometry(seed: number): BufferGeometry {
  const { positions, normals, uvs, indices } = bumpySphere(seed, 6, 4);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  geometry.setAttribute('uv', new BufferAttribute(uvs, 2));
  geometry.setIndex(new BufferAttribute(indices, 1));
  return geometry;
}

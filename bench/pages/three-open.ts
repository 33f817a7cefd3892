/**
 * three.js opens the same bytes: USDLoader and WebGPURenderer, as its examples use them. The renderer is initialised
 * before the clock starts, lights are the cheapest that show shape, and the first picture counts before its textures.
 */
import { Box3, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, Vector3, WebGPURenderer } from 'three/webgpu';
import { USDLoader } from 'three/examples/jsm/loaders/USDLoader.js';

declare global {
  interface Window {
    openWithThree(bytes: ArrayBuffer): Promise<{ parseMs: number; firstPictureMs: number; meshes: number; triangles: number }>;
    isReady: boolean;
  }
}

const canvas = document.querySelector('canvas') as HTMLCanvasElement;
const renderer = new WebGPURenderer({ canvas, antialias: true });
renderer.setSize(640, 360, false);
await renderer.init();

window.openWithThree = async (bytes) => {
  const started = performance.now();
  const group = new USDLoader().parse(bytes);
  const parsed = performance.now();
  const scene = new Scene();
  scene.add(group, new HemisphereLight(0xffffff, 0x444444, 2), new DirectionalLight(0xffffff, 2));
  const bounds = new Box3().setFromObject(group);
  const center = bounds.getCenter(new Vector3());
  const radius = bounds.getSize(new Vector3()).length() / 2 || 1;
  const camera = new PerspectiveCamera(40, 640 / 360, radius / 100, radius * 20);
  camera.position.copy(center).add(new Vector3(0.5, 0.4, 1).setLength(radius * 2.9));
  camera.lookAt(center);
  renderer.render(scene, camera);
  const { device } = renderer.backend as unknown as { device: GPUDevice };
  await device.queue.onSubmittedWorkDone();
  const pictured = performance.now();
  let meshes = 0;
  let triangles = 0;
  group.traverse((object) => {
    const { geometry } = object as unknown as {
      geometry?: { index: { count: number } | null; attributes: { position?: { count: number } } };
    };
    if (geometry === undefined) return;
    meshes++;
    triangles += (geometry.index?.count ?? geometry.attributes.position?.count ?? 0) / 3;
  });
  return { parseMs: parsed - started, firstPictureMs: pictured - started, meshes, triangles };
};
window.isReady = true;

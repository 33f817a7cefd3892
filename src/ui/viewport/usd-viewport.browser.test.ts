import { afterEach, expect, test } from 'vitest';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import './usd-viewport.ts';
import type { UsdViewport } from './usd-viewport.ts';

const BOX: Aabb = [-1, -1, -1, 1, 1, 1];

interface Heard {
  readonly viewport: UsdViewport;
  readonly cameras: CameraPose[];
  readonly events: string[];
}

async function makeViewport(): Promise<Heard> {
  const viewport = document.createElement('usd-viewport');
  viewport.style.cssText = 'position: fixed; left: 0; top: 0; width: 400px; height: 300px';
  const heard: Heard = { viewport, cameras: [], events: [] };
  viewport.addEventListener('usd-camera', (event) => heard.cameras.push(event.detail.camera));
  for (const type of ['usd-canvas', 'usd-resize', 'usd-camera-freed', 'usd-choose'] as const) {
    viewport.addEventListener(type, () => heard.events.push(type));
  }
  document.body.append(viewport);
  await viewport.updateComplete;
  viewport.setBounds(BOX);
  await viewport.atRest();
  heard.cameras.length = 0;
  return heard;
}

function pointer(viewport: UsdViewport, type: string, x: number, y: number, more: PointerEventInit = {}): void {
  viewport.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', bubbles: true, ...more }));
}

const distance = ({ eye, target }: CameraPose): number => Math.hypot(eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]);

afterEach(() => document.body.replaceChildren());

test('the canvas is handed out once, with the size of its box in device pixels', async () => {
  const viewport = document.createElement('usd-viewport');
  viewport.style.cssText = 'position: fixed; width: 400px; height: 300px';
  const sizes: object[] = [];
  viewport.addEventListener('usd-canvas', (event) => sizes.push(event.detail.size));
  document.body.append(viewport);
  await viewport.updateComplete;
  const ratio = Math.min(2, devicePixelRatio);
  expect(sizes).toEqual([{ width: 400 * ratio, height: 300 * ratio }]);
});

test('many pointer moves within a frame send one camera', async () => {
  const { viewport, cameras } = await makeViewport();
  viewport.isMotionAllowed = false;
  pointer(viewport, 'pointerdown', 200, 150);
  for (let x = 200; x < 260; x++) pointer(viewport, 'pointermove', x, 150);
  expect(cameras).toHaveLength(0);
  await viewport.atRest();
  expect(cameras).toHaveLength(1);
});

test('dragging to the right turns the model to the right', async () => {
  const { viewport } = await makeViewport();
  const before = viewport.poseForAspect(4 / 3);
  pointer(viewport, 'pointerdown', 200, 150);
  pointer(viewport, 'pointermove', 260, 150);
  pointer(viewport, 'pointerup', 260, 150);
  await viewport.atRest();
  const after = viewport.poseForAspect(4 / 3);
  expect(distance(after)).toBeCloseTo(distance(before), 5);
  // The eye goes the other way round.
  expect(Math.atan2(after.eye[0], after.eye[2])).toBeLessThan(Math.atan2(before.eye[0], before.eye[2]));
});

test('with motion allowed the camera comes to rest after several frames', async () => {
  const { viewport, cameras } = await makeViewport();
  pointer(viewport, 'pointerdown', 200, 150);
  pointer(viewport, 'pointermove', 320, 150);
  pointer(viewport, 'pointerup', 320, 150);
  await viewport.atRest();
  expect(cameras.length).toBeGreaterThan(3);
  const count = cameras.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(cameras).toHaveLength(count);
});

test('two fingers that spread come nearer without turning', async () => {
  const { viewport } = await makeViewport();
  const before = viewport.poseForAspect(4 / 3);
  pointer(viewport, 'pointerdown', 180, 150, { pointerId: 1, pointerType: 'touch' });
  pointer(viewport, 'pointerdown', 220, 150, { pointerId: 2, pointerType: 'touch' });
  pointer(viewport, 'pointermove', 160, 150, { pointerId: 1, pointerType: 'touch' });
  pointer(viewport, 'pointermove', 240, 150, { pointerId: 2, pointerType: 'touch' });
  await viewport.atRest();
  const after = viewport.poseForAspect(4 / 3);
  expect(distance(after) / distance(before)).toBeCloseTo(0.5, 2);
  expect(Math.atan2(after.eye[0] - after.target[0], after.eye[2] - after.target[2])).toBeCloseTo(
    Math.atan2(before.eye[0], before.eye[2]),
    5,
  );
});

test('the wheel dollies, with Alt it changes the field of view', async () => {
  const { viewport } = await makeViewport();
  const before = viewport.poseForAspect(4 / 3);
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, cancelable: true }));
  await viewport.atRest();
  const near = viewport.poseForAspect(4 / 3);
  expect(distance(near)).toBeLessThan(distance(before) * 0.95);
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, altKey: true, cancelable: true }));
  await viewport.atRest();
  expect(viewport.poseForAspect(4 / 3).fovYRadians).toBeGreaterThan(near.fovYRadians ?? 0);
});

test.each([
  ['ArrowLeft', false, 'turns'],
  ['ArrowUp', true, 'pans'],
  ['+', false, 'comes nearer'],
] as const)('%s with shift %s %s', async (key, shiftKey, what) => {
  const { viewport } = await makeViewport();
  const before = viewport.poseForAspect(4 / 3);
  viewport.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, cancelable: true }));
  await viewport.atRest();
  const after = viewport.poseForAspect(4 / 3);
  expect(after.target[1] !== before.target[1]).toBe(what === 'pans');
  expect(Math.abs(distance(after) - distance(before)) > 1e-4).toBe(what === 'comes nearer');
  expect(after.eye).not.toEqual(before.eye);
});

test('an authored camera is shown exactly until a hand takes over', async () => {
  const { viewport, cameras, events } = await makeViewport();
  const authored: CameraPose = { eye: [0, 2, 9], target: [0, 0, 0], up: [0.2, 1, 0], fovYRadians: 0.6, near: 0.1, shift: [0.1, 0.2] };
  viewport.lookThrough(authored);
  await viewport.atRest();
  expect(cameras.at(-1)).toEqual(authored);
  expect(events).not.toContain('usd-camera-freed');
  pointer(viewport, 'pointerdown', 200, 150);
  pointer(viewport, 'pointermove', 210, 150);
  expect(events).toContain('usd-camera-freed');
});

test('a double click asks what is there, in pixels of the drawing buffer', async () => {
  const { viewport } = await makeViewport();
  const chosen: { x: number; y: number }[] = [];
  viewport.addEventListener('usd-choose', (event) => chosen.push(event.detail));
  for (let i = 0; i < 2; i++) {
    pointer(viewport, 'pointerdown', 100, 60);
    pointer(viewport, 'pointerup', 100, 60);
  }
  const ratio = Math.min(2, devicePixelRatio);
  expect(chosen).toEqual([{ x: 100 * ratio, y: 60 * ratio }]);
});

test('a renewed canvas takes the old one’s place and is handed out', async () => {
  const { viewport, events } = await makeViewport();
  const old = viewport.renderRoot.querySelector('canvas');
  viewport.renewCanvas();
  expect(viewport.renderRoot.querySelectorAll('canvas')).toHaveLength(1);
  expect(viewport.renderRoot.querySelector('canvas')).not.toBe(old);
  expect(events.filter((type) => type === 'usd-canvas')).toHaveLength(2);
});

test('a first view fits again when the window changes its shape, a chosen one stays', async () => {
  const { viewport } = await makeViewport();
  const before = viewport.poseForAspect(4 / 3);
  viewport.style.width = '150px';
  await expect.poll(() => distance(viewport.poseForAspect(0.5)) > distance(before)).toBe(true);
  pointer(viewport, 'pointerdown', 50, 50);
  pointer(viewport, 'pointermove', 60, 50);
  await viewport.atRest();
  const chosen = viewport.poseForAspect(0.5);
  viewport.style.width = '400px';
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(viewport.poseForAspect(4 / 3)).toEqual(chosen);
});

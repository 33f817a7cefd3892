/** What scripts may ask of a view: sizes, the camera's place, pictures, prims. */
import { parsePrimPath } from '../../share/view-state/prim-path.ts';
import type { EngineController } from '../../ui/controllers/engine-controller.ts';
import type { RendererController } from '../../ui/controllers/renderer-controller.ts';
import type { CameraRig } from './camera-rig.ts';
import type { CanvasHost } from './canvas-host.ts';
import { OrbitReading, Vector3, type CaptureOptions, type PrimReading } from './readings.ts';
import { boundsInMeters, metersFromStage, type StageSpace } from './stage-space.ts';

export class Inspection {
  #engine: EngineController;
  #renderer: RendererController;
  #canvas: CanvasHost;
  #rig: CameraRig;

  constructor(engine: EngineController, renderer: RendererController, canvas: CanvasHost, rig: CameraRig) {
    this.#engine = engine;
    this.#renderer = renderer;
    this.#canvas = canvas;
    this.#rig = rig;
  }

  dimensions(): Vector3 {
    const { min, max } = this.#bounds();
    return new Vector3(max.x - min.x, max.y - min.y, max.z - min.z);
  }

  center(): Vector3 {
    const { min, max } = this.#bounds();
    return new Vector3((min.x + max.x) / 2, (min.y + max.y) / 2, (min.z + max.z) / 2);
  }

  cameraOrbit(): OrbitReading {
    const { azimuth, elevation, distance } = this.#rig.goal;
    return new OrbitReading(azimuth, Math.PI / 2 - elevation, distance * this.#space.metersPerUnit);
  }

  cameraTarget(): Vector3 {
    return new Vector3(...metersFromStage(this.#rig.goal.target, this.#space));
  }

  /** Degrees. */
  fieldOfView(): number {
    return (this.#rig.goal.fovYRadians * 180) / Math.PI;
  }

  /** @throws RemoteError where nothing can be drawn */
  async capture({ mimeType = 'image/png', qualityArgument, width, height }: CaptureOptions): Promise<Blob> {
    const { size } = this.#canvas;
    const whole = (value: number | undefined, otherwise: number): number => Math.max(1, Math.round(value ?? otherwise));
    await this.#engine.completed();
    return this.#renderer.capture({
      size: { width: whole(width, size.width), height: whole(height, size.height) },
      camera: this.#rig.pose,
      settings: this.#renderer.settings,
      type: mimeType,
      ...(qualityArgument === undefined ? {} : { quality: qualityArgument }),
    });
  }

  /** @throws ViewStateError, RemoteError */
  async query(primPath: string): Promise<PrimReading> {
    const path = parsePrimPath(primPath, 'query');
    const [details, bounds] = await Promise.all([this.#engine.primDetails(path), this.#engine.primBounds(path)]);
    return { ...details, ...(bounds === undefined ? {} : { bounds: boundsInMeters(bounds, this.#space) }) };
  }

  /** Distance along the view axis to what is seen there, stage units. Parts of the width and height. */
  async depthAt(x: number, y: number): Promise<number | undefined> {
    const { width, height } = this.#canvas.size;
    return this.#renderer.depthAt(x * width, y * height);
  }

  /** @param x part of the width @param y part of the height */
  async primAt(x: number, y: number): Promise<string | undefined> {
    const { width, height } = this.#canvas.size;
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return undefined;
    const handle = await this.#renderer.pick(x * width, y * height);
    return handle === undefined ? undefined : this.#engine.primOfHandle(handle);
  }

  get #space(): StageSpace {
    return this.#engine.summary ?? { upAxis: 'Y', metersPerUnit: 1 };
  }

  #bounds(): { readonly min: Vector3; readonly max: Vector3 } {
    return boundsInMeters(this.#engine.summary?.bounds ?? [0, 0, 0, 0, 0, 0], this.#space);
  }
}

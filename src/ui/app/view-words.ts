/**
 * The free camera of a stage in the words of links and attributes, and back. Words are metres in a Y-up frame (`view-state/camera.ts`);
 * a free view is in the stage's own units and axes.
 */
import type { CameraOrbit, CameraTarget, FieldOfView } from '../../share/view-state/camera.ts';
import type { ViewState } from '../../share/view-state/view-state.ts';
import type { Vec3 } from '../viewport/framing.ts';
import type { FreeView, UpAxis } from '../viewport/orbit-camera.ts';

export interface StageSpace {
  readonly upAxis: UpAxis;
  readonly metersPerUnit: number;
}

export interface CameraWords {
  readonly cameraOrbit: CameraOrbit;
  readonly cameraTarget: CameraTarget;
  readonly fieldOfView: FieldOfView;
}

export function wordsOfView(view: FreeView, { upAxis, metersPerUnit }: StageSpace): CameraWords {
  const [x, y, z] = turnedUpToY(view.target, upAxis);
  return {
    cameraOrbit: {
      azimuthRadians: view.azimuth,
      polarRadians: Math.PI / 2 - view.elevation,
      radius: { unit: 'm', value: view.distance * metersPerUnit },
    },
    cameraTarget: [x * metersPerUnit, y * metersPerUnit, z * metersPerUnit],
    fieldOfView: view.fovYRadians,
  };
}

/** The parts that the words say. @param framed the view that shows everything: what `auto` and shares stand for */
export function viewOfWords(words: Partial<CameraWords>, framed: FreeView, { upAxis, metersPerUnit }: StageSpace): Partial<FreeView> {
  const view: { -readonly [K in keyof FreeView]?: FreeView[K] } = {};
  const { cameraOrbit, cameraTarget, fieldOfView } = words;
  if (fieldOfView !== undefined && fieldOfView !== 'auto') view.fovYRadians = fieldOfView;
  if (cameraTarget !== undefined) {
    const middle = turnedUpToY(framed.target, upAxis);
    const target = cameraTarget.map((value, axis) => (value === 'auto' ? middle[axis] : value / metersPerUnit)) as Vec3;
    view.target = turnedBack(target, upAxis);
  }
  if (cameraOrbit !== undefined) {
    const { azimuthRadians, polarRadians, radius } = cameraOrbit;
    if (azimuthRadians !== 'auto') view.azimuth = azimuthRadians;
    if (polarRadians !== 'auto') view.elevation = Math.PI / 2 - polarRadians;
    if (radius !== 'auto') {
      const distance = radius.unit === '%' ? framed.distance * radius.value : radius.value / metersPerUnit;
      if (distance > 0) view.distance = distance;
    }
  }
  return view;
}

/** Whether the state says anything of the free camera. */
export function hasCameraWords(state: ViewState): boolean {
  return state.cameraOrbit !== undefined || state.cameraTarget !== undefined || state.fieldOfView !== undefined;
}

/** Whether the words say everything themselves; others need the bounds of the whole scene. */
export function areWhole({ cameraOrbit, cameraTarget, fieldOfView }: Partial<CameraWords>): boolean {
  if (cameraOrbit === undefined || cameraTarget === undefined || fieldOfView === undefined || fieldOfView === 'auto') return false;
  const { azimuthRadians, polarRadians, radius } = cameraOrbit;
  return azimuthRadians !== 'auto' && polarRadians !== 'auto' && radius !== 'auto' && radius.unit === 'm' && !cameraTarget.includes('auto');
}

function turnedUpToY([x, y, z]: Readonly<Vec3>, upAxis: UpAxis): Vec3 {
  return upAxis === 'Y' ? [x, y, z] : [x, z, -y];
}

function turnedBack([x, y, z]: Readonly<Vec3>, upAxis: UpAxis): Vec3 {
  return upAxis === 'Y' ? [x, y, z] : [x, -z, y];
}

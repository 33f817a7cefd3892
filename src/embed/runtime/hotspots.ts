/**
 * Children in slots named `hotspot…`, kept at their place of the model while the camera moves.
 *
 * A hotspot with `data-normal` is seen from the side it looks to, and each is seen while nothing is in front of its prim or its position:
 * asked of the renderer when the camera has come to rest. What is not seen loses `data-visible`, and fades.
 */
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { parseCameraTarget } from '../../share/view-state/camera.ts';
import { AUTO } from '../../share/view-state/quantity.ts';
import { isPrimPath } from '../../share/view-state/prim-path.ts';
import { centerOf } from '../../ui/viewport/framing.ts';
import type { ElementSide } from '../element-side.ts';
import { make } from '../make.ts';
import type { AttributeReader } from './attribute-reader.ts';
import { facesCamera, project, type Projected } from './projection.ts';
import { Vector3, type HotspotReading } from './readings.ts';
import { metersFromStage, stageFromMeters, type StageSpace } from './stage-space.ts';

type Triple = [number, number, number];

export interface HotspotHooks {
  primBounds(path: string): Promise<Aabb | undefined>;
  /** Path of the prim at a part of the width and height. */
  primAt(x: number, y: number): Promise<string | undefined>;
  /** Distance along the view axis to what is seen there, stage units; undefined over nothing. */
  depthAt(x: number, y: number): Promise<number | undefined>;
}

interface Hotspot {
  readonly element: HTMLElement;
  readonly wrapper: HTMLElement;
  position: Triple | undefined;
  normal: Triple | undefined;
  prim: string | undefined;
  /** Something is in front of its prim, or of its position. */
  isCovered: boolean;
  isVisible: boolean | undefined;
}

const WATCHED = ['slot', 'data-position', 'data-normal', 'data-prim'];
/** Rest after which the renderer is asked what covers what, milliseconds. */
const REST_MS = 120;
/** A point on a surface is on it, not behind it: part of its distance that pixels and single precision may be wrong by. */
const SURFACE_SHARE = 0.01;

export class Hotspots {
  #side: ElementSide;
  #reader: AttributeReader;
  #hooks: HotspotHooks;
  #spots = new Map<HTMLElement, Hotspot>();
  #space: StageSpace | undefined;
  #pose: CameraPose | undefined;
  #aspect = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;
  #observer = new MutationObserver(() => this.#gather());

  constructor(side: ElementSide, reader: AttributeReader, hooks: HotspotHooks) {
    this.#side = side;
    this.#reader = reader;
    this.#hooks = hooks;
    this.#observer.observe(side.element, { childList: true, subtree: true, attributes: true, attributeFilter: WATCHED });
  }

  /** A new stage, or another part of it: places are looked for again. */
  reset(space: StageSpace): void {
    this.#space = space;
    this.#gather();
  }

  /** The camera moved, or the picture's shape changed. */
  place(pose: CameraPose, aspect: number): void {
    this.#pose = pose;
    this.#aspect = aspect;
    if (this.#spots.size === 0) return;
    for (const spot of this.#spots.values()) this.#placeOne(spot, pose);
    this.#askLater();
  }

  query(name: string): HotspotReading | undefined {
    const spot = [...this.#spots.values()].find(({ element }) => element.slot === name);
    if (spot === undefined) return undefined;
    const { position, isVisible } = spot;
    const meters = position === undefined || this.#space === undefined ? undefined : metersFromStage(position, this.#space);
    const seen = position === undefined || this.#pose === undefined ? undefined : project(position, this.#pose, this.#aspect);
    const { clientWidth, clientHeight } = this.#side.skeleton.surface;
    return {
      position: meters === undefined ? undefined : new Vector3(...meters),
      canvasPosition: seen === undefined ? undefined : { x: seen.x * clientWidth, y: seen.y * clientHeight },
      visible: isVisible === true,
    };
  }

  dispose(): void {
    this.#observer.disconnect();
    clearTimeout(this.#timer);
    this.#round++;
    for (const { wrapper } of this.#spots.values()) wrapper.remove();
    this.#spots.clear();
  }

  /** Takes in what is there now. */
  #gather(): void {
    const space = this.#space;
    if (space === undefined) return;
    const found = [...this.#side.element.children].filter(
      (child): child is HTMLElement => child instanceof HTMLElement && child.slot.startsWith('hotspot'),
    );
    for (const [element, { wrapper }] of this.#spots) {
      if (found.includes(element) && wrapper.querySelector('slot')?.name === element.slot) continue;
      wrapper.remove();
      this.#spots.delete(element);
    }
    for (const element of found) {
      const spot = this.#spots.get(element) ?? this.#make(element);
      const { position, normal, prim } = element.dataset;
      spot.position = position === undefined ? undefined : stageFromMeters(this.#triple('data-position', position), space);
      // Directions have no length to convert.
      spot.normal = normal === undefined ? undefined : stageFromMeters(this.#triple('data-normal', normal), { ...space, metersPerUnit: 1 });
      if (prim !== spot.prim) {
        spot.prim = prim;
        spot.isCovered = false;
      }
      if (position === undefined) void this.#findPrim(spot);
    }
    if (this.#pose !== undefined) this.place(this.#pose, this.#aspect);
  }

  #make(element: HTMLElement): Hotspot {
    const wrapper = make('div', { class: 'spot out' }, make('slot', { name: element.slot }));
    this.#side.skeleton.hotspots.append(wrapper);
    const spot: Hotspot = {
      element,
      wrapper,
      position: undefined,
      normal: undefined,
      prim: undefined,
      isCovered: false,
      isVisible: undefined,
    };
    this.#spots.set(element, spot);
    return spot;
  }

  #triple(name: string, text: string): Triple {
    // model-viewer also writes plain numbers.
    const words = text.trim().replaceAll(/(?<=^|\s)[-+]?[\d.]+(?:e[-+]?\d+)?(?=\s|$)/gi, '$&m');
    const [x, y, z] = this.#reader.read(name, words, parseCameraTarget, '0m 0m 0m');
    return [x === AUTO ? 0 : x, y === AUTO ? 0 : y, z === AUTO ? 0 : z];
  }

  async #findPrim(spot: Hotspot): Promise<void> {
    const { prim } = spot;
    if (prim === undefined || !isPrimPath(prim)) return;
    const bounds = await this.#hooks.primBounds(prim).catch(() => undefined);
    if (spot.prim !== prim || spot.element.dataset['position'] !== undefined || bounds === undefined) return;
    spot.position = centerOf(bounds);
    if (this.#pose !== undefined) this.place(this.#pose, this.#aspect);
  }

  #placeOne(spot: Hotspot, pose: CameraPose): void {
    const { position, normal, wrapper } = spot;
    const seen = position === undefined ? undefined : project(position, pose, this.#aspect);
    const isIn = seen !== undefined && seen.depth > 0 && seen.x >= 0 && seen.x <= 1 && seen.y >= 0 && seen.y <= 1;
    wrapper.classList.toggle('out', !isIn);
    if (seen !== undefined && isIn) {
      const { clientWidth, clientHeight } = this.#side.skeleton.surface;
      wrapper.style.transform = `translate(${seen.x * clientWidth}px, ${seen.y * clientHeight}px) translate(-50%, -50%)`;
    }
    const isFront = position === undefined || normal === undefined || facesCamera(position, normal, pose);
    this.#show(spot, isIn && isFront && !spot.isCovered);
  }

  #show(spot: Hotspot, isVisible: boolean): void {
    spot.wrapper.classList.toggle('unseen', !isVisible);
    if (spot.isVisible === isVisible) return;
    spot.isVisible = isVisible;
    spot.element.toggleAttribute('data-visible', isVisible);
    spot.element.dispatchEvent(new CustomEvent('hotspot-visibility', { bubbles: true, detail: { visible: isVisible } }));
  }

  #askLater(): void {
    clearTimeout(this.#timer);
    this.#round++;
    this.#timer = setTimeout(() => void this.#askWhatIsCovered(this.#round), REST_MS);
  }

  async #askWhatIsCovered(round: number): Promise<void> {
    for (const spot of this.#spots.values()) {
      const { prim, position } = spot;
      if (position === undefined || this.#pose === undefined) continue;
      const seen = project(position, this.#pose, this.#aspect);
      if (!(seen.depth > 0 && seen.x > 0 && seen.x < 1 && seen.y > 0 && seen.y < 1)) continue;
      const isCovered = prim === undefined ? await this.#isBehind(seen) : await this.#isBehindOthers(prim, seen);
      if (round !== this.#round || this.#pose === undefined) return;
      spot.isCovered = isCovered;
      this.#placeOne(spot, this.#pose);
    }
  }

  // Where nothing is hit, a hole or the sky is looked through: nothing covers it.

  async #isBehindOthers(prim: string, { x, y }: Projected): Promise<boolean> {
    const found = await this.#hooks.primAt(x, y).catch(() => undefined);
    return found !== undefined && found !== prim && !found.startsWith(`${prim}/`);
  }

  async #isBehind({ x, y, depth }: Projected): Promise<boolean> {
    const found = await this.#hooks.depthAt(x, y).catch(() => undefined);
    return found !== undefined && found < depth * (1 - SURFACE_SHARE);
  }
}

declare global {
  interface HTMLElementEventMap {
    'hotspot-visibility': CustomEvent<{ readonly visible: boolean }>;
  }
}

/** What methods of the element return. Lengths in metres, with Y up; angles in radians unless said otherwise. */
import type { ShareMode } from '../../share/frames/texture-descriptor.ts';
import type { TransportKind } from '../../share/frames/transports/transport.ts';
import type { PrimDetails } from '../../share/protocol/engine.ts';
import { formatAngle, formatLength } from '../../share/view-state/quantity.ts';

export class Vector3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;

  constructor(x: number, y: number, z: number) {
    this.x = x;
    this.y = y;
    this.z = z;
  }

  /** As attributes write it: `0m 1m 0m`. */
  toString(): string {
    return [this.x, this.y, this.z].map((value) => formatLength({ unit: 'm', value })).join(' ');
  }
}

export class OrbitReading {
  /** Azimuth. */
  readonly theta: number;
  /** Polar angle. */
  readonly phi: number;
  readonly radius: number;

  constructor(theta: number, phi: number, radius: number) {
    this.theta = theta;
    this.phi = phi;
    this.radius = radius;
  }

  /** As attributes write it: `30deg 75deg 2m`. */
  toString(): string {
    return `${formatAngle(this.theta)} ${formatAngle(this.phi)} ${formatLength({ unit: 'm', value: this.radius })}`;
  }
}

export interface CaptureOptions {
  /** Default: `image/png`. */
  readonly mimeType?: 'image/png' | 'image/jpeg' | 'image/webp';
  /** Of JPEG and WebP: 0 to 1, default 0.92. */
  readonly qualityArgument?: number;
  /** Pixels; default: those of the element on the screen. */
  readonly width?: number;
  readonly height?: number;
}

/** How `shareFrames` shares. */
export interface ShareFramesOptions {
  /** Pixels; default: those of the element on the screen, whatever they become. */
  readonly width?: number;
  readonly height?: number;
  /** Default: `rgba8unorm`. */
  readonly format?: 'rgba8unorm' | 'bgra8unorm';
  /** Default: `latest`. */
  readonly mode?: ShareMode;
  /** Default: the fastest, which is measured. */
  readonly transport?: TransportKind | 'auto';
  readonly label?: string;
}

/** Where an overlay lies: parts of the picture, 0 to 1, from its top left corner. Default: all of it. */
export interface OverlayPlacement {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  /** 0: not seen, 1 (default): covers. */
  readonly opacity?: number;
}

export interface PlayOptions {
  /** How often the range is played; default: without end. */
  readonly repetitions?: number;
}

export interface HotspotReading {
  /** Undefined while its prim is not known. */
  readonly position: Vector3 | undefined;
  /** CSS pixels from the element's corner. */
  readonly canvasPosition: { readonly x: number; readonly y: number } | undefined;
  readonly visible: boolean;
}

export type PrimReading = PrimDetails & { readonly bounds?: { readonly min: Vector3; readonly max: Vector3 } };

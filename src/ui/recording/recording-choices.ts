/** What somebody chose to record, and what follows from it. */
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import {
  animationFrameCount,
  evenSize,
  turntableFrameCount,
  type RecordingKind,
  type TimeRange,
  type TurnDirection,
} from './recording-plan.ts';
import type { Quality } from './video-formats.ts';

/** More than encoders of today take. */
const MAX_SIDE = 4096;

/** Undefined: as many pixels as the viewport has. */
export const SIZES = {
  viewport: { label: 'Viewport', pixels: undefined },
  hd: { label: '720p', pixels: { width: 1280, height: 720 } },
  'full-hd': { label: '1080p', pixels: { width: 1920, height: 1080 } },
  uhd: { label: '2160p', pixels: { width: 3840, height: 2160 } },
  square: { label: 'Square', pixels: { width: 1080, height: 1080 } },
} as const;
export type SizeName = keyof typeof SIZES;

export const FRAME_RATES = [24, 25, 30, 50, 60];

export interface RecordingChoices {
  readonly kind: RecordingKind;
  readonly secondsPerTurn: number;
  readonly turns: number;
  readonly direction: TurnDirection;
  /** Its label; one that is not to be had gives way to the first that is. */
  readonly format: string;
  readonly size: SizeName;
  readonly framesPerSecond: number;
  readonly quality: Quality;
  readonly isTransparent: boolean;
}

export const DEFAULT_CHOICES: RecordingChoices = {
  kind: 'turntable',
  secondsPerTurn: 8,
  turns: 1,
  direction: 'right',
  format: '',
  size: 'full-hd',
  framesPerSecond: 30,
  quality: 'good',
  isTransparent: false,
};

export function sizeOf(name: SizeName, viewport: SurfaceSize): SurfaceSize {
  return SIZES[name].pixels ?? evenSize(viewport, MAX_SIDE);
}

/** Undefined where nothing moves. */
export function animationOf(summary: StageSummary | undefined): TimeRange | undefined {
  if (summary === undefined || !summary.isAnimated) return undefined;
  const { startTimeCode: start, endTimeCode: end, timeCodesPerSecond } = summary;
  if (start === undefined || end === undefined || end <= start) return undefined;
  return { start, end, timeCodesPerSecond: timeCodesPerSecond > 0 ? timeCodesPerSecond : 24 };
}

/** Undefined for as long as somebody wants. */
export function frameCountOf(choices: RecordingChoices, animation: TimeRange | undefined): number | undefined {
  switch (choices.kind) {
    case 'turntable':
      return turntableFrameCount(choices, choices.framesPerSecond);
    case 'animation':
      return animation === undefined ? 1 : animationFrameCount(animation, choices.framesPerSecond);
    case 'live':
      return undefined;
  }
}

/** Which kinds of video this browser makes, at which size and rate, and how many bits they are given. */
import type { RecordingTrack, VideoCodecName, VideoContainer } from '../../share/protocol/recorder.ts';
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import { encoderConfigOf } from '../../share/recording/encoder-config.ts';

export interface VideoFormat {
  readonly container: VideoContainer;
  readonly codec: VideoCodecName;
  readonly label: string;
  readonly canBeTransparent: boolean;
}

/** The first that the browser has is taken unless somebody chooses: MP4 with H.264 plays nearly everywhere. */
export const VIDEO_FORMATS: readonly VideoFormat[] = [
  { container: 'mp4', codec: 'avc', label: 'MP4, H.264', canBeTransparent: false },
  { container: 'mp4', codec: 'av1', label: 'MP4, AV1', canBeTransparent: false },
  { container: 'mp4', codec: 'hevc', label: 'MP4, HEVC', canBeTransparent: false },
  { container: 'webm', codec: 'vp9', label: 'WebM, VP9', canBeTransparent: true },
  { container: 'webm', codec: 'vp8', label: 'WebM, VP8', canBeTransparent: false },
  { container: 'webm', codec: 'av1', label: 'WebM, AV1', canBeTransparent: false },
];

export const QUALITIES = ['small', 'good', 'best'] as const;
export type Quality = (typeof QUALITIES)[number];

/** Bits per pixel and frame of H.264. Rendered pictures are clean: half of what cameras need. */
const BITS_PER_PIXEL: Readonly<Record<Quality, number>> = { small: 0.05, good: 0.1, best: 0.22 };
/** What newer codecs need of H.264's bits for the same picture. */
const CODEC_SHARE: Readonly<Record<VideoCodecName, number>> = { avc: 1, vp8: 1, vp9: 0.7, hevc: 0.7, av1: 0.6 };
const MIN_BITRATE = 400_000;

/** Bits per second. More frames a second differ less from each other, so that twice as many need less than twice the bits. */
export function bitrateOf({ width, height }: SurfaceSize, framesPerSecond: number, quality: Quality, codec: VideoCodecName): number {
  const perFrame = width * height * BITS_PER_PIXEL[quality] * CODEC_SHARE[codec];
  return Math.max(MIN_BITRATE, Math.round(perFrame * 30 * (framesPerSecond / 30) ** 0.75));
}

export interface TrackChoices {
  readonly format: VideoFormat;
  readonly size: SurfaceSize;
  readonly framesPerSecond: number;
  readonly quality: Quality;
  readonly isTransparent: boolean;
  readonly isLive: boolean;
}

export function trackOf(choices: TrackChoices, codecString: string): RecordingTrack {
  const { format, quality, ...rest } = choices;
  const { container, codec } = format;
  return {
    ...rest,
    isTransparent: rest.isTransparent && format.canBeTransparent,
    container,
    codec,
    codecString,
    bitrate: bitrateOf(rest.size, rest.framesPerSecond, quality, codec),
  };
}

/** The track as this browser's encoder takes it, undefined where it takes none of this kind and size. */
export async function supportedTrack(choices: TrackChoices): Promise<RecordingTrack | undefined> {
  if (typeof VideoEncoder !== 'function') return undefined;
  for (const codecString of codecStrings(choices.format.codec, choices.size, choices.framesPerSecond)) {
    const track = trackOf(choices, codecString);
    const answer = await VideoEncoder.isConfigSupported(encoderConfigOf(track)).catch(() => undefined);
    if (answer?.supported === true) return track;
  }
  return undefined;
}

/** Levels of a codec: most luma samples of a picture, most a second, and how the codec string names it. */
type Level = readonly [samples: number, samplesPerSecond: number, name: string];

/** H.264, table A-1, macroblocks as 256 samples. */
const AVC_LEVELS: readonly Level[] = [
  [414_720, 10_368_000, '1e'],
  [921_600, 27_648_000, '1f'],
  [2_097_152, 62_914_560, '28'],
  [2_228_224, 133_693_440, '2a'],
  [9_437_184, 251_658_240, '33'],
  [9_437_184, 530_841_600, '34'],
  [35_651_584, 2_139_095_040, '3d'],
];
/** HEVC, tables A.8 and A.9, main tier. */
const HEVC_LEVELS: readonly Level[] = [
  [983_040, 33_177_600, '93'],
  [2_228_224, 133_693_440, '123'],
  [8_912_896, 267_386_880, '150'],
  [8_912_896, 1_069_547_520, '156'],
  [35_651_584, 2_139_095_040, '183'],
];
/** VP9 bitstream guide, levels. */
const VP9_LEVELS: readonly Level[] = [
  [983_040, 36_864_000, '31'],
  [2_228_224, 83_558_400, '40'],
  [2_228_224, 160_432_128, '41'],
  [8_912_896, 311_951_360, '50'],
  [8_912_896, 588_251_136, '51'],
  [35_651_584, 2_353_004_544, '61'],
];
/** AV1, annex A.3. */
const AV1_LEVELS: readonly Level[] = [
  [665_856, 24_969_600, '04'],
  [1_065_024, 39_938_400, '05'],
  [2_359_296, 70_778_880, '08'],
  [2_359_296, 141_557_760, '09'],
  [8_912_896, 267_386_880, '12'],
  [8_912_896, 534_773_760, '13'],
  [35_651_584, 2_139_095_040, '17'],
];

/** Names of the codec at the least level that suits, the better profile first. */
export function codecStrings(codec: VideoCodecName, size: SurfaceSize, framesPerSecond: number): readonly string[] {
  const level = (levels: readonly Level[]): string => levelOf(levels, size, framesPerSecond);
  switch (codec) {
    case 'avc': {
      const name = level(AVC_LEVELS);
      // High, Main, Baseline.
      return [`avc1.6400${name}`, `avc1.4d00${name}`, `avc1.4200${name}`];
    }
    case 'hevc':
      return [`hvc1.1.6.L${level(HEVC_LEVELS)}.B0`];
    case 'vp9':
      return [`vp09.00.${level(VP9_LEVELS)}.08`];
    case 'vp8':
      return ['vp8'];
    case 'av1':
      return [`av01.0.${level(AV1_LEVELS)}M.08`];
  }
}

function levelOf(levels: readonly Level[], { width, height }: SurfaceSize, framesPerSecond: number): string {
  // H.264 codes whole blocks of 16; the others are not far from it.
  const samples = Math.ceil(width / 16) * 16 * Math.ceil(height / 16) * 16;
  const fitting = levels.find(([most, perSecond]) => samples <= most && samples * framesPerSecond <= perSecond);
  return (fitting ?? levels.at(-1)!)[2];
}

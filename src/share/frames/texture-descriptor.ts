/** What a shared texture is: sizes, format and meaning of its pixels. Plain data, part of every handle. */

/**
 * Formats that can be shared, by their WebGPU names (WebGPU 26.1.1). `-srgb` differs from its base only in how a shader reads it: the bytes that
 * cross are the same.
 */
export type ShareFormat =
  | 'r8unorm'
  | 'rg8unorm'
  | 'rgba8unorm'
  | 'rgba8unorm-srgb'
  | 'bgra8unorm'
  | 'bgra8unorm-srgb'
  | 'rgb10a2unorm'
  | 'r16float'
  | 'rg16float'
  | 'rgba16float'
  | 'r32float'
  | 'rg32float'
  | 'rgba32float';

/** What the consumer's or producer's texture is used for; each is one bit of `GPUTextureUsage`. */
export type ShareUsage = 'sample' | 'storage' | 'render' | 'copy-from' | 'copy-to';

/** Primaries of the colours; the transfer function of unorm formats is sRGB's, of float formats linear. */
export type ShareColorSpace = 'srgb' | 'display-p3';

/** `opaque`: alpha is 1 and may be dropped on the way. `straight` crosses only where bytes cross. */
export type ShareAlphaMode = 'opaque' | 'premultiplied' | 'straight';

/** `latest`: a consumer sees the newest frame and drops what it missed. `queue`: in order, the oldest of at most `slots` frames; more are dropped, oldest first. */
export type ShareMode = 'latest' | 'queue';

/** Size, format and meaning of a shared texture. */
export interface TextureDescriptor {
  /** Pixels, 1 to 16384. */
  readonly width: number;
  readonly height: number;
  readonly format: ShareFormat;
  readonly usages: readonly ShareUsage[];
  readonly colorSpace: ShareColorSpace;
  readonly alphaMode: ShareAlphaMode;
  readonly mode: ShareMode;
  /** Frames that can be on their way at once, 3 to 8. */
  readonly slots: number;
  /** For messages and GPU labels. */
  readonly label: string;
}

/** What `createShareableTexture` takes: everything but the size has a default. */
export type TextureDescriptorInit = Pick<TextureDescriptor, 'width' | 'height'> & Partial<TextureDescriptor>;

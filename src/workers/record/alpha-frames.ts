/**
 * Transparent video. WebM keeps alpha as a second VP9 picture beside the colours' (`BlockAdditions`; AlphaMode 1), whose luma is the alpha.
 * Encoders make one picture of a frame, so that a transparent frame becomes two opaque ones. Colours are straight, not multiplied by alpha.
 */

export interface SplitFrame {
  readonly color: VideoFrame;
  readonly alpha: VideoFrame;
}

/** The frame stays the caller's, the two that it becomes are too. */
export async function splitAlpha(frame: VideoFrame): Promise<SplitFrame> {
  const { codedWidth: width, codedHeight: height } = frame;
  const pixels = new Uint8Array(width * height * 4);
  await frame.copyTo(pixels, { format: 'RGBA', layout: [{ offset: 0, stride: width * 4 }] });
  const init = {
    codedWidth: width,
    codedHeight: height,
    timestamp: frame.timestamp,
    ...(frame.duration === null ? {} : { duration: frame.duration }),
  };
  const planes = alphaPlanes(pixels, width, height);
  return {
    alpha: new VideoFrame(planes, {
      ...init,
      format: 'I420',
      colorSpace: { fullRange: true, matrix: 'bt709', primaries: 'bt709', transfer: 'iec61966-2-1' },
    }),
    color: new VideoFrame(pixels, { ...init, format: 'RGBX' }),
  };
}

/**
 * @param pixels shape [height·width·4]
 * @param width even
 * @param height even
 * @returns I420: alpha as luma, shape [height·width], and two grey planes of a quarter of that
 */
export function alphaPlanes(pixels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const count = width * height;
  const planes = new Uint8Array((count * 3) / 2);
  for (let i = 0; i < count; i++) planes[i] = pixels[i * 4 + 3]!;
  planes.fill(128, count);
  return planes;
}

/** Pictures of what is seen: saved as files, or copied to the clipboard. */
import type { CaptureRequest, SurfaceSize } from '../../share/protocol/renderer.ts';

export type PictureType = NonNullable<CaptureRequest['type']>;

export interface PictureOptions {
  readonly size: SurfaceSize;
  readonly type: PictureType;
  /** Nothing behind the scene. JPEG has no transparency. */
  readonly isTransparent: boolean;
}

const ENDINGS: Readonly<Record<PictureType, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' };

/** Hands a picture to the browser's downloads, called after the scene. */
export function savePicture(blob: Blob, sceneName: string): string {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  // Browsers without an encoder of the kind that was asked for give a PNG.
  link.download = `${sceneName.replace(/\.[^.]*$/u, '')}.${ENDINGS[blob.type as PictureType] ?? 'png'}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return link.download;
}

/**
 * Call it within the user's gesture. The picture may still be on its way.
 *
 * @returns whether it was copied; false where the browser does not let the page
 * @throws what the drawing throws
 */
export async function copyPicture(picture: Promise<Blob>): Promise<boolean> {
  // Firefox before 127, and pages without https, have no such thing.
  if (!('ClipboardItem' in globalThis) || !('clipboard' in navigator)) {
    await picture;
    return false;
  }
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    return true;
  } catch {
    // A picture that could not be drawn is another failure than a clipboard that is closed.
    await picture;
    return false;
  }
}

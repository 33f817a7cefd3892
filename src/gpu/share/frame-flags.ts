import type { TextureDescriptor } from '../../share/frames/texture-descriptor.ts';

/** Twins of the constants in shared-frame.wgsl. */
export const FrameFlag = { encoded: 1, displayP3: 2, premultiplied: 4, opaque: 8, data: 16 } as const;

/** How shaders read the frames of a shared texture. Views of `-srgb` formats decode by themselves; floats are linear. */
export function frameFlags({ format, colorSpace, alphaMode }: Pick<TextureDescriptor, 'format' | 'colorSpace' | 'alphaMode'>): number {
  return (
    (format.endsWith('unorm') ? FrameFlag.encoded : 0) |
    (colorSpace === 'display-p3' ? FrameFlag.displayP3 : 0) |
    (alphaMode === 'premultiplied' ? FrameFlag.premultiplied : 0) |
    (alphaMode === 'opaque' ? FrameFlag.opaque : 0)
  );
}

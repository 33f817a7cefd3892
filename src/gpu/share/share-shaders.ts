import type { ComposedShader } from '../shaders/compose.ts';
import { composeShader } from '../shaders/compose.ts';
import fullscreenWgsl from '../shaders/fullscreen.wgsl?raw';
import liveTextureWgsl from './live-texture.wgsl?raw';
import overlayWgsl from './overlay.wgsl?raw';
import sharedFrameWgsl from './shared-frame.wgsl?raw';

const sharedFrame = { name: 'share/shared-frame.wgsl', text: sharedFrameWgsl };

/** Shaders that come with the code of sharing. A test compiles them all. */
export const SHARE_SHADERS = {
  liveTexture: composeShader('live-texture', [
    { name: 'shaders/fullscreen.wgsl', text: fullscreenWgsl },
    sharedFrame,
    { name: 'share/live-texture.wgsl', text: liveTextureWgsl },
  ]),
  overlay: composeShader('overlay', [sharedFrame, { name: 'share/overlay.wgsl', text: overlayWgsl }]),
} as const satisfies Record<string, ComposedShader>;

import { bitmapTransport } from './bitmap.ts';
import { broadcastTransport } from './broadcast.ts';
import { bufferTransport } from './buffer.ts';
import { localTransport } from './local.ts';
import { sharedMemoryTransport } from './shared-memory.ts';
import type { Transport } from './transport.ts';
import { videoFrameTransport } from './video-frame.ts';

/** All ways for a frame to cross that this build has. */
export const TRANSPORTS: readonly Transport[] = [
  localTransport,
  sharedMemoryTransport,
  bufferTransport,
  bitmapTransport,
  videoFrameTransport,
  broadcastTransport,
];

import { broadcastTransport } from './broadcast.ts';
import { localTransport } from './local.ts';
import { sharedMemoryTransport } from './shared-memory.ts';
import type { Transport } from './transport.ts';

/** All ways for a frame to cross that this build has. */
export const TRANSPORTS: readonly Transport[] = [localTransport, sharedMemoryTransport, broadcastTransport];

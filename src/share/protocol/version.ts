/** Raised by any change an older peer would misread. Compared once, in the handshake; a mismatch is an error. */
export const PROTOCOL_VERSION = 3;

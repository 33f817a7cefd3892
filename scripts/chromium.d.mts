/** Flags under which headless Chromium has WebGPU on a machine without a GPU. */
export const CHROMIUM_ARGS: readonly string[];
/** Path of an installed Chromium or Chrome, or undefined. `CHROMIUM` in the environment wins. */
export function findChromium(): string | undefined;
/** The same, installing Debian's package where that is possible. Throws with what to do when it is not. */
export function ensureChromium(): string;

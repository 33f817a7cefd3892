/** Whether this realm may make and receive shared memory: where it is not cross-origin isolated, posting it fails even if the constructor is there. */
export function canShareMemory(): boolean {
  const { crossOriginIsolated: isIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === 'function' && isIsolated !== false;
}

/** Addresses that pages give to the element. */
export const READ_SCHEMES: readonly string[] = ['http:', 'https:', 'blob:', 'data:'];

/** Absolute, or undefined where it is none that is read. */
export function absoluteAddress(address: string, base: string): URL | undefined {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  return url !== undefined && READ_SCHEMES.includes(url.protocol) ? url : undefined;
}

/** The last part of an address' path, as a person would write it. */
export function fileNameOf(address: string): string {
  // Those of blobs and data say nothing.
  if (/^(?:blob|data):/i.test(address)) return '';
  const path = address.split(/[?#]/, 1)[0] ?? '';
  const name = path.slice(path.replace(/\/$/, '').lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A part of a link or an attribute that cannot be read. */
export class ViewStateError extends Error {
  readonly code = 'bad-view-state';
  /** The attribute's or parameter's name, e.g. `camera-orbit`. */
  readonly part: string;
  readonly value: string;
  readonly expected: string;

  constructor(part: string, value: string, expected: string) {
    super(`${part}="${cut(value)}" cannot be read: expected ${expected}`);
    this.name = 'ViewStateError';
    this.part = part;
    this.value = value;
    this.expected = expected;
  }
}

/** Links are typed by strangers: a message shows no more of them than one can read. */
function cut(value: string): string {
  return value.length > 80 ? `${value.slice(0, 79)}…` : value;
}

let latest = 0;

/** A number no one else has got: two objects with the same version are the same object in the same state. */
export function newVersion(): number {
  return ++latest;
}

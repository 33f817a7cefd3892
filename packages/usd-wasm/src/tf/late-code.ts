/**
 * Parts of the library that an entry may leave out at first: it says how each is loaded, and what needs one waits for it. Entries that hold
 * everything say nothing.
 */
type LatePart = 'usda' | 'arcs';

const loaders = new Map<LatePart, () => Promise<unknown>>();

/** Has a part loaded when it is first needed. */
export function loadLater(part: LatePart, load: () => Promise<unknown>): void {
  loaders.set(part, load);
}

/** Whether a part is still to be loaded. */
export function isLate(part: LatePart): boolean {
  return loaders.has(part);
}

/** Resolves once parts are there. One that cannot be loaded rejects, and is tried again when it is needed again. */
export async function needParts(...parts: readonly LatePart[]): Promise<void> {
  await Promise.all(
    parts.map(async (part) => {
      await loaders.get(part)?.();
      loaders.delete(part);
    }),
  );
}

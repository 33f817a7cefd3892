/** Names of keys, as they stand on them. */
const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  arrowleft: '←',
  arrowright: '→',
  home: 'Home',
  end: 'End',
  escape: 'Esc',
  shift: 'Shift',
};

/** `mod+k` in the keys that are pressed together: `Ctrl`, `K`; on a Mac `⌘`, `K`. */
export function keyNames(key: string, isMac = globalThis.navigator?.platform?.startsWith('Mac') ?? false): string[] {
  const parts = key.split(/(?<=.)\+/u);
  return parts.map((part) => (part === 'mod' ? (isMac ? '⌘' : 'Ctrl') : (NAMES[part] ?? part.toUpperCase())));
}

/** What hands and keys do in the viewport, beyond the page's shortcuts. */
export const GESTURES: readonly (readonly [string, string])[] = [
  ['Drag, or one finger', 'Turn'],
  ['Right, middle or Shift drag, or two fingers', 'Pan'],
  ['Wheel, pinch, or Ctrl drag', 'Nearer and further'],
  ['Alt wheel, [ ]', 'Field of view'],
  ['Arrow keys', 'Turn'],
  ['Shift arrow keys', 'Pan'],
  ['+ −', 'Nearer and further'],
  ['Double click or tap', 'Select and frame what is there'],
];

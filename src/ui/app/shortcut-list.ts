import type { Shortcut } from '../controllers/shortcut-controller.ts';

/** What single keys do. usdview's letters where it has one: F, J, Space. */
export interface PageActions {
  frameSelection(): void;
  frameAll(): void;
  toggleFraming(): void;
  nextCamera(): void;
  togglePlay(): void;
  /** One step of time, -1 or 1. */
  step(count: number): void;
  /** To the start or the end of the range. */
  seekTo(end: 'start' | 'end'): void;
  search(): void;
  toggleSelected(): void;
  escape(): void;
  open(): void;
  openRecent(): void;
  newTab(): void;
  copyLink(): void;
  toggleSide(side: 'left' | 'right'): void;
  savePicture(): void;
  nextTheme(): void;
  showShortcuts(): void;
}

export function shortcutList(page: PageActions): readonly Shortcut[] {
  return [
    { keys: ['f'], label: 'Frame the selection, or everything', group: 'View', run: () => page.frameSelection() },
    { keys: ['a'], label: 'Frame everything', group: 'View', run: () => page.frameAll() },
    { keys: ['j'], label: 'Back from framing, and forth', group: 'View', run: () => page.toggleFraming() },
    { keys: ['c'], label: 'Next camera', group: 'View', run: () => page.nextCamera() },
    { keys: [' '], label: 'Play or pause', group: 'Time', run: () => page.togglePlay() },
    { keys: [','], label: 'One step back', group: 'Time', run: () => page.step(-1) },
    { keys: ['.'], label: 'One step forward', group: 'Time', run: () => page.step(1) },
    { keys: ['home'], label: 'To the start', group: 'Time', run: () => page.seekTo('start') },
    { keys: ['end'], label: 'To the end', group: 'Time', run: () => page.seekTo('end') },
    { keys: ['/'], label: 'Search prims', group: 'Prims', run: () => page.search() },
    { keys: ['h'], label: 'Hide or show the selection', group: 'Prims', run: () => page.toggleSelected() },
    { keys: ['escape'], label: 'Stop a load, clear the selection', group: 'Prims', run: () => page.escape() },
    { keys: ['o'], label: 'Open files', group: 'Page', run: () => page.open() },
    { keys: ['r'], label: 'Open recent', group: 'Page', run: () => page.openRecent() },
    { keys: ['n'], label: 'New tab', group: 'Page', run: () => page.newTab() },
    { keys: ['l'], label: 'Copy a link to this view', group: 'Page', run: () => page.copyLink() },
    { keys: ['s'], label: 'Scene panel', group: 'Page', run: () => page.toggleSide('left') },
    { keys: ['i'], label: 'Inspector panel', group: 'Page', run: () => page.toggleSide('right') },
    { keys: ['p'], label: 'Save a picture', group: 'Page', run: () => page.savePicture() },
    { keys: ['t'], label: 'Change the theme', group: 'Page', run: () => page.nextTheme() },
    { keys: ['?'], label: 'Keys and gestures', group: 'Page', run: () => page.showShortcuts() },
  ];
}

import type { WindowMode } from '../../share/protocol/windows.ts';
import type { Shortcut } from '../controllers/shortcut-controller.ts';

/** What keys do. usdview's letters where it has one: F, J, R, Space, Left and Right. */
export interface PageActions {
  frameSelection(): void;
  frameAll(): void;
  toggleFraming(): void;
  resetView(): void;
  nextCamera(): void;
  /** One step finer or coarser, 1 or -1. */
  changeComplexity(step: number): void;
  togglePlay(): void;
  /** One step of time, -1 or 1. */
  step(count: number): void;
  /** To the start or the end of the range. */
  seekTo(end: 'start' | 'end'): void;
  search(): void;
  toggleSelected(): void;
  escape(): void;
  showCommands(): void;
  open(): void;
  openRecent(): void;
  newTab(): void;
  copyLink(): void;
  toggleSide(side: 'left' | 'right'): void;
  savePicture(): void;
  copyPicture(): void;
  showPicture(): void;
  record(): void;
  openWindow(mode: WindowMode): void;
  nextTheme(): void;
  showSettings(): void;
  showShortcuts(): void;
}

type Row = readonly [keys: readonly string[], label: string, run: (page: PageActions) => void, isForStage?: 'stage'];

/** The one table of keys: the page's shortcuts, the dialog that lists them, the commands and `docs/keyboard.md` are made from it. */
const TABLE: Readonly<Record<Shortcut['group'], readonly Row[]>> = {
  View: [
    [['f'], 'Frame the selection, or everything', (page) => page.frameSelection(), 'stage'],
    [['a'], 'Frame everything', (page) => page.frameAll(), 'stage'],
    [['j'], 'Back from framing, and forth', (page) => page.toggleFraming(), 'stage'],
    [['r'], 'Reset the view', (page) => page.resetView(), 'stage'],
    [['c'], 'Next camera', (page) => page.nextCamera(), 'stage'],
    [['>'], 'Finer curved shapes', (page) => page.changeComplexity(1)],
    [['<'], 'Coarser curved shapes', (page) => page.changeComplexity(-1)],
  ],
  Time: [
    [[' '], 'Play or pause', (page) => page.togglePlay(), 'stage'],
    [[',', 'arrowleft'], 'One step back', (page) => page.step(-1), 'stage'],
    [['.', 'arrowright'], 'One step forward', (page) => page.step(1), 'stage'],
    [['home'], 'To the start', (page) => page.seekTo('start'), 'stage'],
    [['end'], 'To the end', (page) => page.seekTo('end'), 'stage'],
  ],
  Prims: [
    [['/'], 'Search prims', (page) => page.search(), 'stage'],
    [['h'], 'Hide or show the selection', (page) => page.toggleSelected(), 'stage'],
    [['escape'], 'Stop a load, clear the selection', (page) => page.escape()],
  ],
  Page: [
    [['mod+k', 'f1'], 'All commands', (page) => page.showCommands()],
    [['o'], 'Open files', (page) => page.open()],
    [['shift+o'], 'Open recent', (page) => page.openRecent()],
    [['n'], 'New tab', (page) => page.newTab()],
    [['l'], 'Copy a link to this view', (page) => page.copyLink(), 'stage'],
    [['p'], 'Save a picture', (page) => page.savePicture(), 'stage'],
    [['shift+p'], 'Copy a picture', (page) => page.copyPicture(), 'stage'],
    [['shift+s'], 'Picture of another size or kind', (page) => page.showPicture(), 'stage'],
    [['v'], 'Record a video', (page) => page.record(), 'stage'],
    [['w'], 'A window for the picture', (page) => page.openWindow('popOut'), 'stage'],
    [['shift+w'], 'A window with a second camera', (page) => page.openWindow('camera'), 'stage'],
    [['shift+v'], 'Present in another window', (page) => page.openWindow('present'), 'stage'],
    [['s'], 'Scene panel', (page) => page.toggleSide('left')],
    [['i'], 'Inspector panel', (page) => page.toggleSide('right')],
    [['t'], 'Change the theme', (page) => page.nextTheme()],
    [['g'], 'Settings', (page) => page.showSettings()],
    [['?'], 'Keys and gestures', (page) => page.showShortcuts()],
  ],
};

export function shortcutList(page: PageActions): readonly Shortcut[] {
  return Object.entries(TABLE).flatMap(([group, rows]) =>
    rows.map(([keys, label, run, isForStage]) => ({
      keys,
      label,
      group: group as Shortcut['group'],
      isForStage: isForStage === 'stage',
      run: () => run(page),
    })),
  );
}

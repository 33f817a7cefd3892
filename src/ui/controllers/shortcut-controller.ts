import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface Shortcut {
  /**
   * `KeyboardEvent.key` values, lower case, the first one to be shown in menus. `shift+` in front where the key alone is something
   * else, `mod+` for Ctrl or, on a Mac, Command.
   */
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: 'View' | 'Time' | 'Prims' | 'Page';
  /** Nothing comes of it without an open stage. */
  readonly isForStage: boolean;
  run(): void;
}

/** Keys that move a slider or go through a group. */
const OWN_KEYS = /^(?:Arrow|Home$|End$|Page)/u;

/**
 * Single keys for the whole page. They rest while text is typed, while a dialog is open, and where the focused element has
 * used the key itself.
 */
export class ShortcutController implements ReactiveController {
  readonly shortcuts: readonly Shortcut[];

  #isDialogOpen: () => boolean;
  #byKey = new Map<string, Shortcut>();

  /** @param isDialogOpen keys rest then, wherever the focus is: from a dialog's last control it goes to the page itself */
  constructor(host: ReactiveControllerHost, shortcuts: readonly Shortcut[], isDialogOpen: () => boolean) {
    this.shortcuts = shortcuts;
    this.#isDialogOpen = isDialogOpen;
    for (const shortcut of shortcuts) for (const key of shortcut.keys) this.#byKey.set(key.toLowerCase(), shortcut);
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('keydown', this.#onKey);
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.#onKey);
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.isComposing || this.#isDialogOpen()) return;
    const isModified = event.ctrlKey || event.metaKey;
    const path = event.composedPath().filter((target) => target instanceof Element);
    const isTyping = path.some((element) =>
      element.matches('input:not([type=range]):not([type=checkbox]):not([type=radio]), select, textarea'),
    );
    if (isTyping && !isModified) return;
    const [focused] = path;
    // A focused button is pressed with Space; sliders and radio buttons have keys of their own.
    if (event.key === ' ' && focused?.matches('button, [role=radio], [role=tab]') === true) return;
    if (OWN_KEYS.test(event.key) && focused?.matches('input, [role=tab], [role=tree], [role=separator]') === true) return;
    const shortcut = this.#find(event.key.toLowerCase(), event.shiftKey, isModified);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  };

  /** With Shift, a letter that has no meaning of its own means what it does without. */
  #find(key: string, isShifted: boolean, isModified: boolean): Shortcut | undefined {
    const prefix = isModified ? 'mod+' : '';
    if (!isShifted) return this.#byKey.get(prefix + key);
    const own = this.#byKey.get(`${prefix}shift+${key}`);
    return own ?? (key.length === 1 && !isModified ? this.#byKey.get(key) : undefined);
  }
}

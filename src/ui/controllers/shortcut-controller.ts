import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface Shortcut {
  /** `KeyboardEvent.key` values, lower case; `Shift+` in front where the key alone is something else. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: 'View' | 'Time' | 'Prims' | 'Page';
  run(): void;
}

/**
 * Single keys for the whole page. They rest while text is typed, while a dialog is open, and where the focused element has
 * used the key itself.
 */
export class ShortcutController implements ReactiveController {
  readonly shortcuts: readonly Shortcut[];

  #byKey = new Map<string, Shortcut>();

  constructor(host: ReactiveControllerHost, shortcuts: readonly Shortcut[]) {
    this.shortcuts = shortcuts;
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
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const path = event.composedPath();
    const isTyping = path.some(
      (target) =>
        target instanceof Element &&
        target.matches('input:not([type=range]):not([type=checkbox]):not([type=radio]), select, textarea, dialog[open]'),
    );
    if (isTyping) return;
    const isButton = path[0] instanceof Element && path[0].matches('button, [role=radio], [role=tab]');
    // A focused button is pressed with Space.
    if (isButton && event.key === ' ') return;
    const key = event.key.toLowerCase();
    const shortcut = this.#byKey.get(event.shiftKey && key.length > 1 ? `shift+${key}` : key);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  };
}

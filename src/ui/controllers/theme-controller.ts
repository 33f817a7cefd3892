import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { tokens, type Theme } from '../styles/tokens.ts';

export type ThemeChoice = 'system' | Theme;

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'dark', dark: 'light', light: 'system' };

/** The page's theme: dark unless the system prefers light, or as the user chose. Writes `data-theme` on the document root. */
export class ThemeController implements ReactiveController {
  choice: ThemeChoice = 'system';

  #host: ReactiveControllerHost;
  #prefersLight = matchMedia('(prefers-color-scheme: light)');

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get theme(): Theme {
    if (this.choice !== 'system') return this.choice;
    return this.#prefersLight.matches ? 'light' : 'dark';
  }

  hostConnected(): void {
    const sheet = tokens.styleSheet;
    if (sheet !== undefined && !document.adoptedStyleSheets.includes(sheet)) {
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
    this.#prefersLight.addEventListener('change', this.#apply);
    this.#apply();
  }

  hostDisconnected(): void {
    this.#prefersLight.removeEventListener('change', this.#apply);
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    this.#apply();
  }

  /** System, dark, light, and round again. */
  chooseNext(): ThemeChoice {
    this.choose(NEXT[this.choice]);
    return this.choice;
  }

  #apply = (): void => {
    document.documentElement.dataset['theme'] = this.theme;
    this.#host.requestUpdate();
  };
}

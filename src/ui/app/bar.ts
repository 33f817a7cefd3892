/** The bar along the top: name of the page and of the scene, and what concerns the whole page. */
import { html, nothing, type TemplateResult } from 'lit';
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { ThemeChoice } from '../controllers/theme-controller.ts';
import '../elements/usd-install-button.ts';
import { icon, logo } from '../styles/icons.ts';

export type Side = 'left' | 'right';

const THEME_ICONS = { system: 'auto', dark: 'moon', light: 'sun' } as const;

export interface BarState {
  /** Name of what is open or being opened. */
  readonly name: string | undefined;
  /** Of the stage by that name. */
  readonly summary: StageSummary | undefined;
  readonly theme: ThemeChoice;
  /** Undefined where there are no side panels. */
  isSideOpen: ((side: Side) => boolean) | undefined;
  pick(isFolder: boolean, isForNewTab: boolean): void;
  showRecents(): void;
  nextTheme(): void;
  showShortcuts(): void;
  showCommands(): void;
  showSettings(): void;
  toggleSide(side: Side): void;
}

export function renderBar(bar: BarState): TemplateResult {
  const { name, summary, theme } = bar;
  return html`
    <header class="bar">
      ${renderSideButton(bar, 'left')}
      <h1 class="brand" aria-label="Proscenium">${logo()}<b>Proscenium</b></h1>
      <div class="document">
        ${name === undefined ? nothing : html`<strong title=${name}>${name}</strong>`}
        ${summary === undefined ? nothing : html`<span>${factsOf(summary)}</span>`}
      </div>
      <div class="actions">
        <button
          class="primary"
          title="Open files (O), with Alt in a new tab"
          @click=${(event: MouseEvent) => bar.pick(false, event.altKey)}
        >
          ${icon('open')} Open…
        </button>
        <button
          class="quiet wide"
          title="Open a folder, with Alt in a new tab"
          @click=${(event: MouseEvent) => bar.pick(true, event.altKey)}
        >
          Folder…
        </button>
        <button class="quiet icon-only" title="Open recent (Shift O)" aria-label="Open recent…" @click=${bar.showRecents}>
          ${icon('recent')}
        </button>
        <usd-install-button></usd-install-button>
        <button class="quiet icon-only" title="Theme: ${theme} (T)" aria-label="Theme: ${theme}. Change" @click=${bar.nextTheme}>
          ${icon(THEME_ICONS[theme])}
        </button>
        <button class="quiet icon-only" title="All commands (Ctrl K)" aria-label="All commands" @click=${bar.showCommands}>
          ${icon('search')}
        </button>
        <button class="quiet icon-only wide" title="Settings (G)" aria-label="Settings" @click=${bar.showSettings}>
          ${icon('settings')}
        </button>
        <button class="quiet icon-only wide" title="Keys and gestures (?)" aria-label="Keys and gestures" @click=${bar.showShortcuts}>
          ${icon('help')}
        </button>
        ${renderSideButton(bar, 'right')}
      </div>
    </header>
  `;
}

function renderSideButton(bar: BarState, side: Side): TemplateResult | typeof nothing {
  if (bar.isSideOpen === undefined) return nothing;
  const [name, key] = side === 'left' ? ['Scene panel', 'S'] : ['Inspector panel', 'I'];
  return html`
    <button
      class="quiet icon-only"
      title="${name} (${key})"
      aria-label=${name}
      aria-expanded=${String(bar.isSideOpen(side))}
      aria-controls=${side}
      @click=${() => bar.toggleSide(side)}
    >
      ${icon(`panel-${side}`)}
    </button>
  `;
}

const UNITS: Readonly<Record<number, string>> = {
  1: 'metres',
  0.01: 'centimetres',
  0.001: 'millimetres',
  0.0254: 'inches',
  0.3048: 'feet',
};

function factsOf({ upAxis, metersPerUnit, layerCount }: StageSummary): string {
  const unit = UNITS[metersPerUnit] ?? `${metersPerUnit} m units`;
  return `${upAxis} up, ${unit}${layerCount > 1 ? `, ${layerCount} layers` : ''}`;
}

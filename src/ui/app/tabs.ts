/** The panels by name, and the row of tabs that chooses between them. */
import { html, type TemplateResult } from 'lit';
import { icon, type IconName } from '../styles/icons.ts';

export type Tab = 'scene' | 'properties' | 'variants' | 'look' | 'problems';

const TABS: Readonly<Record<Tab, { readonly name: string; readonly icon: IconName }>> = {
  scene: { name: 'Scene', icon: 'tree' },
  properties: { name: 'Properties', icon: 'list' },
  variants: { name: 'Variants', icon: 'layers' },
  look: { name: 'Look', icon: 'look' },
  problems: { name: 'Problems', icon: 'warning' },
};
export const INSPECTOR_TABS: readonly Tab[] = ['properties', 'variants', 'look', 'problems'];
export const SHEET_TABS: readonly Tab[] = ['scene', ...INSPECTOR_TABS];

export interface TabRow {
  readonly tabs: readonly Tab[];
  /** Undefined: none is open. */
  readonly selected: Tab | undefined;
  badgeOf(tab: Tab): unknown;
  choose(tab: Tab): void;
}

/** Follows the ARIA tabs pattern: one tab stop, arrow keys choose. The pane has the id `pane`. */
export function renderTabs({ tabs, selected, badgeOf, choose }: TabRow): TemplateResult {
  return html`
    <div class="tabs" role="tablist" aria-label="Panels" @keydown=${chooseByKey}>
      ${tabs.map(
        (tab, index) => html`
          <button
            id="tab-${tab}"
            role="tab"
            aria-selected=${String(tab === selected)}
            aria-controls="pane"
            tabindex=${tab === selected || (selected === undefined && index === 0) ? 0 : -1}
            @click=${() => choose(tab)}
          >
            ${icon(TABS[tab].icon)} ${TABS[tab].name} ${badgeOf(tab)}
          </button>
        `,
      )}
    </div>
  `;
}

function chooseByKey(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const tabs = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('[role=tab]')];
  const next = tabs[(tabs.indexOf(event.target as HTMLElement) + step + tabs.length) % tabs.length];
  event.preventDefault();
  next?.focus();
  next?.click();
}

/** The panels' contents, and the frames they stand in: aside of the picture, or a sheet under it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RenderSettings } from '../../share/protocol/renderer.ts';
import type { EngineController } from '../controllers/engine-controller.ts';
import type { EnvironmentController } from '../controllers/environment-controller.ts';
import type { LayoutController } from '../controllers/layout-controller.ts';
import type { PrimsController } from '../controllers/prims-controller.ts';
import { cssProps } from '../elements/css-props.ts';
import '../elements/usd-sheet.ts';
import '../elements/usd-splitter.ts';
import '../panels/usd-attributes.ts';
import '../panels/usd-problems.ts';
import '../panels/usd-render-settings.ts';
import type { BackgroundChoice } from '../panels/usd-render-settings.ts';
import '../panels/usd-stage-tree.ts';
import '../panels/usd-variants.ts';
import type { PreferencesController } from './preferences.ts';
import { INSPECTOR_TABS, renderTabs, SHEET_TABS, type Tab } from './tabs.ts';

/** What the panels show, and what their hands do. */
export interface PanesState {
  readonly engine: EngineController;
  readonly layout: LayoutController;
  readonly preferences: PreferencesController;
  readonly prims: PrimsController;
  readonly settings: RenderSettings;
  readonly background: BackgroundChoice;
  readonly environment: EnvironmentController;
  readonly isComposingVariant: boolean;
  select(event: HTMLElementEventMap['usd-select']): void;
  frameSelection(): void;
  chooseVariant(event: HTMLElementEventMap['usd-variant']): void;
  setSettings(settings: Partial<RenderSettings>): void;
  setBackground(background: BackgroundChoice): void;
  /** A picture to light the scene with; undefined: the studio again. */
  setEnvironment(file: File | undefined): void;
}

/** The scene panel; on narrow pages nothing. */
export function renderLeft(state: PanesState): TemplateResult | typeof nothing {
  const { layout, preferences } = state;
  if (layout.isNarrow || !layout.isSideOpen('left', hasStage(state))) return nothing;
  const { leftWidth } = preferences.current;
  return html`
    <aside class="panel left" id="left" aria-label="Scene" ${cssProps({ width: `min(${leftWidth}rem, 45vw)` })}>
      <div class="column">${renderPane(state, 'scene')}</div>
      <usd-splitter
        side="left"
        label="Width of the scene panel"
        .value=${leftWidth}
        @usd-resize-panel=${(event: HTMLElementEventMap['usd-resize-panel']) => preferences.change({ leftWidth: event.detail.width })}
        @usd-close-panel=${() => preferences.change({ isLeftOpen: false })}
      ></usd-splitter>
    </aside>
  `;
}

/** The inspector; on narrow pages the sheet and its tabs. */
export function renderRight(state: PanesState): TemplateResult | typeof nothing {
  const { layout, preferences } = state;
  if (layout.isNarrow) return renderSheet(state);
  if (!layout.isSideOpen('right', hasStage(state))) return nothing;
  const { rightWidth } = preferences.current;
  const tab = layout.tab === 'scene' ? 'properties' : layout.tab;
  return html`
    <aside class="panel right" id="right" aria-label="Inspector" ${cssProps({ width: `min(${rightWidth}rem, 45vw)` })}>
      <usd-splitter
        side="right"
        label="Width of the inspector panel"
        .value=${rightWidth}
        @usd-resize-panel=${(event: HTMLElementEventMap['usd-resize-panel']) => preferences.change({ rightWidth: event.detail.width })}
        @usd-close-panel=${() => preferences.change({ isRightOpen: false })}
      ></usd-splitter>
      <div class="column">
        ${renderPaneTabs(state, INSPECTOR_TABS, tab)}
        <div class="pane" id="pane" role="tabpanel" aria-labelledby="tab-${tab}">${renderPane(state, tab)}</div>
      </div>
    </aside>
  `;
}

function renderSheet(state: PanesState): TemplateResult {
  const { tab, isSheetOpen } = state.layout;
  return html`
    ${
      isSheetOpen
        ? html`<usd-sheet class="sheet" @usd-close-panel=${() => state.layout.closeSheet()}>
            <div class="pane" id="pane" role="tabpanel" aria-labelledby="tab-${tab}">${renderPane(state, tab)}</div>
          </usd-sheet>`
        : nothing
    }
    ${renderPaneTabs(state, SHEET_TABS, isSheetOpen ? tab : undefined)}
  `;
}

/** A stage is open, or on its way. */
function hasStage({ engine }: PanesState): boolean {
  return engine.summary !== undefined || engine.load.kind === 'loading';
}

function renderPaneTabs(state: PanesState, tabs: readonly Tab[], selected: Tab | undefined): TemplateResult {
  return renderTabs({ tabs, selected, badgeOf: (tab) => renderBadge(state.engine, tab), choose: (tab) => state.layout.choose(tab) });
}

function renderBadge({ problems, droppedProblems, summary }: EngineController, tab: Tab): TemplateResult | typeof nothing {
  if (tab === 'problems' && problems.length > 0) {
    const worst = problems.some(({ severity }) => severity === 'error')
      ? 'error'
      : problems.some(({ severity }) => severity === 'warning')
        ? 'warning'
        : 'info';
    const count = problems.length + droppedProblems;
    return html`<span class="badge ${worst}">${count > 999 ? '999+' : count}</span>`;
  }
  const sets = summary?.variantSets.length ?? 0;
  return tab === 'variants' && sets > 0 ? html`<span class="badge">${sets}</span>` : nothing;
}

function renderPane(state: PanesState, tab: Tab): TemplateResult {
  const { engine, prims } = state;
  const { rows, selection } = prims;
  const { summary, problems, droppedProblems, load } = engine;
  const onSelect = (event: HTMLElementEventMap['usd-select']): void => state.select(event);
  switch (tab) {
    case 'scene':
      return html`<usd-stage-tree
        .totalRows=${rows.totalRows}
        .rowAt=${rows.rowAt}
        .version=${rows.version}
        .selectedPath=${selection.path}
        .emptyText=${summary !== undefined ? 'The stage has no prims' : load.kind === 'loading' ? 'Opening…' : 'No stage is open'}
        .filter=${prims.filter}
        @usd-tree-window=${(event: HTMLElementEventMap['usd-tree-window']) => rows.want(event.detail.first, event.detail.count)}
        @usd-expand=${(event: HTMLElementEventMap['usd-expand']) => void prims.expand(event.detail)}
        @usd-tree-filter=${(event: HTMLElementEventMap['usd-tree-filter']) => void prims.setFilter(event.detail.text)}
        @usd-visibility=${(event: HTMLElementEventMap['usd-visibility']) => void prims.setVisibility(event.detail.path, event.detail.isVisible)}
        @usd-select=${onSelect}
        @usd-frame=${() => state.frameSelection()}
      ></usd-stage-tree>`;
    case 'properties':
      return html`<usd-attributes
        .details=${selection.details}
        .detailsState=${selection.state}
        .error=${selection.error}
        @usd-select=${onSelect}
      ></usd-attributes>`;
    case 'variants':
      return html`<usd-variants
        .sets=${summary?.variantSets ?? []}
        .isBusy=${state.isComposingVariant}
        @usd-variant=${(event: HTMLElementEventMap['usd-variant']) => state.chooseVariant(event)}
        @usd-select=${onSelect}
      ></usd-variants>`;
    case 'look':
      return html`<usd-render-settings
        .settings=${state.settings}
        .background=${state.background}
        .environment=${state.environment.picture}
        .loadingName=${state.environment.loadingName ?? ''}
        @usd-settings=${(event: HTMLElementEventMap['usd-settings']) => state.setSettings(event.detail.settings)}
        @usd-background=${(event: HTMLElementEventMap['usd-background']) => state.setBackground(event.detail.background)}
        @usd-environment=${(event: HTMLElementEventMap['usd-environment']) => state.setEnvironment(event.detail.file)}
      ></usd-render-settings>`;
    case 'problems':
      return html`<usd-problems .problems=${problems} .dropped=${droppedProblems} @usd-select=${onSelect}></usd-problems>`;
  }
}

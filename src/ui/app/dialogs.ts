/** Dialogs over the page; each is fetched when it is wanted first. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FoundPrim } from '../../share/protocol/engine.ts';
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import type { Command } from '../commands/command-list.ts';
import type { RootFinder } from '../controllers/root-finder.ts';
import type { Shortcut } from '../controllers/shortcut-controller.ts';
import type { PictureOptions } from '../picture/picture.ts';
import type { RecentsStore } from '../recents/recents-store.ts';
import type { PreferencesController } from './preferences.ts';

export type DialogName = 'shortcuts' | 'recents' | 'settings' | 'commands' | 'picture';

export interface DialogsState {
  readonly open: DialogName | undefined;
  readonly rootFinder: RootFinder;
  readonly shortcuts: readonly Shortcut[];
  readonly recents: RecentsStore | undefined;
  readonly preferences: PreferencesController;
  readonly environmentName: string;
  readonly hasStage: boolean;
  readonly commands: readonly Command[];
  /** The dialog of recording, once somebody recorded. */
  readonly recording: TemplateResult | typeof nothing | undefined;
  viewportSize(): SurfaceSize;
  /** The dialog tells that it was closed, which it may do when another one is open already. */
  closed(dialog: DialogName): void;
  openRecent(event: HTMLElementEventMap['usd-recent']): void;
  adoptLook(): void;
  storeEnvironment(file: File | undefined): void;
  clear(what: 'recents' | 'everything'): void;
  findPrims(text: string, limit: number): Promise<readonly FoundPrim[]>;
  showPrim(path: string): void;
  takePicture(what: 'save' | 'copy', options: PictureOptions): void;
}

export function renderDialogs(state: DialogsState): TemplateResult {
  const { rootFinder } = state;
  return html`
    ${
      rootFinder.candidates === undefined
        ? nothing
        : html`<usd-root-chooser
            .candidates=${rootFinder.candidates}
            @usd-root=${(event: HTMLElementEventMap['usd-root']) => rootFinder.choose(event.detail.root)}
          ></usd-root-chooser>`
    }
    ${state.open === undefined ? nothing : renderOpen(state, state.open)} ${state.recording ?? nothing}
  `;
}

function renderOpen(state: DialogsState, open: DialogName): TemplateResult {
  const { preferences } = state;
  const close = (): void => state.closed(open);
  switch (open) {
    case 'shortcuts':
      return html`<usd-shortcuts .shortcuts=${state.shortcuts} @usd-close=${close}></usd-shortcuts>`;
    case 'recents':
      return html`<usd-recents-dialog
        .store=${state.recents}
        .copiesBytes=${preferences.current.recentsBytes}
        @usd-recent=${(event: HTMLElementEventMap['usd-recent']) => state.openRecent(event)}
        @usd-recents-bytes=${(event: HTMLElementEventMap['usd-recents-bytes']) => preferences.change({ recentsBytes: event.detail.bytes })}
        @usd-close=${close}
      ></usd-recents-dialog>`;
    case 'settings':
      return html`<usd-settings
        .preferences=${preferences.current}
        .environmentName=${state.environmentName}
        .hasStage=${state.hasStage}
        .usedBytes=${state.recents?.usedBytes ?? 0}
        @usd-preferences=${(event: HTMLElementEventMap['usd-preferences']) => preferences.change(event.detail.preferences)}
        @usd-reset-preferences=${() => preferences.reset()}
        @usd-adopt-look=${() => state.adoptLook()}
        @usd-environment=${(event: HTMLElementEventMap['usd-environment']) => state.storeEnvironment(event.detail.file)}
        @usd-clear=${(event: HTMLElementEventMap['usd-clear']) => state.clear(event.detail.what)}
        @usd-close=${close}
      ></usd-settings>`;
    case 'commands':
      return html`<usd-command-palette
        .commands=${state.commands}
        .findPrims=${state.findPrims}
        .showPrim=${state.showPrim}
        @usd-close=${close}
      ></usd-command-palette>`;
    case 'picture':
      return html`<usd-picture-dialog
        .viewport=${state.viewportSize()}
        @usd-picture=${(event: HTMLElementEventMap['usd-picture']) => state.takePicture(event.detail.what, event.detail.options)}
        @usd-close=${close}
      ></usd-picture-dialog>`;
  }
}

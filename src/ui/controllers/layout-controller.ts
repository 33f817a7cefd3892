/** Which panels are open and where: beside the picture, or on narrow pages in a sheet under it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Side } from '../app/bar.ts';
import type { PreferencesController } from '../app/preferences.ts';
import type { Tab } from '../app/tabs.ts';
import { MediaController } from './media-controller.ts';

/** Panels go under the picture; a phone on its side has its room beside it. */
const NARROW = '(max-width: 719px) and (orientation: portrait), (max-width: 479px)';
/** Side panels are open at first where they leave the viewport most of the width. */
const WIDE_LEFT = '(min-width: 1000px)';
const WIDE_RIGHT = '(min-width: 1180px)';

export class LayoutController implements ReactiveController {
  #host: ReactiveControllerHost;
  #preferences: PreferencesController;
  #narrow: MediaController;
  #wideLeft: MediaController;
  #wideRight: MediaController;
  #tab: Tab = 'properties';
  #isSheetOpen = false;
  /** Side panels were asked for before there is a stage to show in them. */
  #arePanelsAsked = false;

  constructor(host: ReactiveControllerHost, preferences: PreferencesController) {
    this.#host = host;
    this.#preferences = preferences;
    this.#narrow = new MediaController(host, NARROW);
    this.#wideLeft = new MediaController(host, WIDE_LEFT);
    this.#wideRight = new MediaController(host, WIDE_RIGHT);
    host.addController(this);
  }

  hostConnected(): void {}

  get isNarrow(): boolean {
    return this.#narrow.matches;
  }

  /** The tab of the inspector; on narrow pages of the sheet, while it is open. */
  get tab(): Tab {
    return this.#tab;
  }

  get isSheetOpen(): boolean {
    return this.#isSheetOpen;
  }

  /** @param hasStage something is open, or being opened */
  isSideOpen(side: Side, hasStage: boolean): boolean {
    if (!hasStage && !this.#arePanelsAsked) return false;
    const { isLeftOpen, isRightOpen } = this.#preferences.current;
    return side === 'left' ? (isLeftOpen ?? this.#wideLeft.matches) : (isRightOpen ?? this.#wideRight.matches);
  }

  toggleSide(side: Side, hasStage: boolean): void {
    if (this.isNarrow) {
      if (this.#isSheetOpen && (this.#tab === 'scene') === (side === 'left')) this.closeSheet();
      else this.show(side === 'left' ? 'scene' : 'properties');
      return;
    }
    const isOpen = !this.isSideOpen(side, hasStage);
    this.#arePanelsAsked = true;
    this.#preferences.change(side === 'left' ? { isLeftOpen: isOpen } : { isRightOpen: isOpen });
  }

  /** A tab was pressed: on narrow pages a second press closes the sheet. */
  choose(tab: Tab): void {
    if (this.isNarrow && this.#isSheetOpen && this.#tab === tab) {
      this.closeSheet();
      return;
    }
    this.#tab = tab;
    this.#isSheetOpen = true;
    this.#host.requestUpdate();
  }

  /** Makes a panel visible, wherever it lives now. */
  show(tab: Tab): void {
    if (this.isNarrow || tab !== 'scene') this.#tab = tab;
    this.#isSheetOpen = true;
    this.#arePanelsAsked = true;
    if (!this.isNarrow) this.#preferences.change(tab === 'scene' ? { isLeftOpen: true } : { isRightOpen: true });
    this.#host.requestUpdate();
  }

  /** Turns the inspector's page, when there is one, without opening anything. */
  turnTo(tab: Tab): void {
    if (this.isNarrow) return;
    this.#tab = tab;
    this.#host.requestUpdate();
  }

  closeSheet(): void {
    this.#isSheetOpen = false;
    this.#host.requestUpdate();
  }
}

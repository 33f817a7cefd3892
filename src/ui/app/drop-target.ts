import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { filesOfTransfer, handlesOfTransfer, type HandedFiles } from './handed-files.ts';

/** Takes files dropped anywhere on the page, or pasted into it; with Alt for a tab of their own. */
export class DropTarget implements ReactiveController {
  /** Files are being dragged over the page. */
  isOver = false;
  /** They are to have a tab of their own. */
  isForNewTab = false;

  #host: ReactiveControllerHost;
  #take: (handed: Promise<HandedFiles>, isForNewTab: boolean) => void;
  /** Enters minus leaves: both bubble from every element on the way. */
  #depth = 0;

  constructor(host: ReactiveControllerHost, take: (handed: Promise<HandedFiles>, isForNewTab: boolean) => void) {
    this.#host = host;
    this.#take = take;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('dragenter', this.#onEnter);
    window.addEventListener('dragover', this.#onOver);
    window.addEventListener('dragleave', this.#onLeave);
    window.addEventListener('drop', this.#onDrop);
    window.addEventListener('paste', this.#onPaste);
  }

  hostDisconnected(): void {
    window.removeEventListener('dragenter', this.#onEnter);
    window.removeEventListener('dragover', this.#onOver);
    window.removeEventListener('dragleave', this.#onLeave);
    window.removeEventListener('drop', this.#onDrop);
    window.removeEventListener('paste', this.#onPaste);
  }

  #onEnter = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.#depth++;
    this.#setOver(true);
  };

  #onOver = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    if (event.altKey === this.isForNewTab) return;
    this.isForNewTab = event.altKey;
    this.#host.requestUpdate();
  };

  #onLeave = (): void => {
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth === 0) this.#setOver(false);
  };

  #onDrop = (event: DragEvent): void => {
    this.#depth = 0;
    this.#setOver(false);
    if (event.dataTransfer === null || !hasFiles(event)) return;
    event.preventDefault();
    this.#take(handedBy(event.dataTransfer), event.altKey);
  };

  #onPaste = (event: ClipboardEvent): void => {
    if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    this.#take(handedBy(event.clipboardData), false);
  };

  #setOver(isOver: boolean): void {
    if (this.isOver === isOver) return;
    this.isOver = isOver;
    this.#host.requestUpdate();
  }
}

async function handedBy(transfer: DataTransfer): Promise<HandedFiles> {
  // Both ask before either waits: the browser empties the transfer after the event.
  const [files, handles] = [filesOfTransfer(transfer), handlesOfTransfer(transfer)];
  return { files: await files, handles: await handles };
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { WindowMode } from '../../share/protocol/windows.ts';
import type { ViewWindows, WindowsHost } from '../windows/later-windows.ts';

/** Further windows of a document. What they need is loaded with the first one. */
export class WindowsController implements ReactiveController {
  /** The viewport is in a window of its own. */
  isPoppedOut = false;

  #host: ReactiveControllerHost;
  #parts: Omit<WindowsHost, 'poppedOut'>;
  #onPoppedOut: () => void;
  #windows: ViewWindows | undefined;

  constructor(host: ReactiveControllerHost, parts: Omit<WindowsHost, 'poppedOut'>, onPoppedOut: () => void) {
    this.#host = host;
    this.#parts = parts;
    this.#onPoppedOut = onPoppedOut;
    host.addController(this);
  }

  hostConnected(): void {}

  hostUpdated(): void {
    this.#windows?.update();
  }

  /** Call it within a gesture. */
  async open(mode: WindowMode): Promise<void> {
    const { ViewWindows } = await import('../windows/later-windows.ts');
    this.#windows ??= new ViewWindows({
      ...this.#parts,
      poppedOut: (isOut) => {
        this.isPoppedOut = isOut;
        this.#onPoppedOut();
        this.#host.requestUpdate();
      },
    });
    this.#windows.open(mode);
  }

  /** Takes the viewport back from its window. */
  bringBack(): void {
    this.#windows?.bringBack();
  }

  moved(camera: CameraPose): void {
    this.#windows?.moved(camera);
  }

  dispose(): void {
    this.#windows?.dispose();
  }
}

/** The opener's side of a document's further windows. */
import type { CameraPose } from '../../share/protocol/renderer.ts';
import {
  isWindowReady,
  WINDOW_PARAMETER,
  type WindowCommand,
  type WindowMode,
  type WindowOpen,
  type WindowRequest,
  type WindowState,
  type WindowView,
} from '../../share/protocol/windows.ts';

/** A closed window is noticed within this time, milliseconds; nothing tells of it. */
const LOOK_MS = 400;
/** A window that says nothing by then was cut off from its opener, or its page could not be fetched. */
const SILENT_MS = 15_000;
const MOST_WINDOWS = 8;

const SIZES: Readonly<Record<WindowMode, readonly [width: number, height: number]>> = {
  popOut: [1000, 700],
  camera: [720, 520],
  present: [1280, 720],
};

/** What windows need of their document. */
export interface WindowsHost {
  /** Another camera in the scene, with a canvas of its own, for whoever has the port; `closeCamera` ends it, wherever the port is. */
  openCamera(id: string): MessagePort;
  closeCamera(id: string): void;
  state(): WindowState;
  /** An animation frame of a window: the opener's own rest while it is hidden. */
  animationFrame(): void;
  /** Where the camera is that a window follows; undefined before the first picture. */
  pose(): CameraPose | undefined;
  setView(view: WindowView): void;
  /** @throws RemoteError where there is no such camera */
  cameraPose(path: string): Promise<CameraPose>;
  choose(prim: number | undefined): void;
  /** Does what a key does in the opener's own window. */
  pressKey(key: string, isShifted: boolean): void;
  say(text: string): void;
  announce(text: string): void;
  /** The viewport is in another window, or back. */
  poppedOut(isOut: boolean): void;
}

export class ViewWindows {
  #host: WindowsHost;
  #windows = new Set<FurtherWindow>();
  #state = '';
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(host: WindowsHost) {
    this.#host = host;
    window.addEventListener('message', this.#onMessage);
    window.addEventListener('pagehide', this.#onLeaving);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  /** Opens a window; there is one at most that has the viewport, and one to present. Call it within a gesture. */
  open(mode: WindowMode): void {
    const there = mode === 'camera' ? undefined : [...this.#windows].find((other) => other.mode === mode);
    if (there !== undefined) {
      there.focus();
      return;
    }
    if (this.#windows.size >= MOST_WINDOWS) {
      this.#host.say(`${MOST_WINDOWS} windows are open already. Close one first`);
      return;
    }
    const [width, height] = SIZES[mode];
    const url = new URL(location.pathname, location.href);
    url.searchParams.set(WINDOW_PARAMETER, mode);
    // Isolated pages and others do not see each other: the new one is to be what this one is, also where a service worker came meanwhile.
    if (!crossOriginIsolated) url.searchParams.set('coi', '0');
    if (new URLSearchParams(location.search).get('sw') === '0') url.searchParams.set('sw', '0');
    const opened = window.open(url, '', `popup,width=${width},height=${height}`);
    if (opened === null) {
      this.#host.say('The browser kept the window from opening. Allow this page to open windows, then try again');
      return;
    }
    this.#windows.add(new FurtherWindow(opened, mode, this.#host));
    this.#looking ??= setInterval(this.#look, LOOK_MS);
    if (mode === 'popOut') this.#host.poppedOut(true);
    this.#host.announce(
      { popOut: 'The picture is in a window of its own', camera: 'A second camera is open', present: 'Presenting' }[mode],
    );
  }

  /** Takes the viewport back. */
  bringBack(): void {
    for (const view of this.#windows) if (view.mode === 'popOut') view.close();
    this.#look();
  }

  /** Something of what windows show may have changed. */
  update(): void {
    if (this.#windows.size === 0) return;
    const state = this.#host.state();
    const text = JSON.stringify(state);
    if (text === this.#state) return;
    this.#state = text;
    for (const view of this.#windows) view.post({ kind: 'state', state });
  }

  /** The opener's camera moved. */
  moved(camera: CameraPose): void {
    for (const view of this.#windows) view.moved(camera);
  }

  dispose(): void {
    for (const view of this.#windows) view.close();
    this.#look();
    window.removeEventListener('message', this.#onMessage);
    window.removeEventListener('pagehide', this.#onLeaving);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  #onMessage = ({ data, source, origin }: MessageEvent<unknown>): void => {
    if (origin !== location.origin || !isWindowReady(data)) return;
    for (const view of this.#windows) if (view.window === source) view.connect();
  };

  #onVisibility = (): void => this.update();

  #onLeaving = (): void => {
    for (const view of this.#windows) view.post({ kind: 'openerLeft' });
  };

  #look = (): void => {
    for (const view of this.#windows) {
      if (!view.window.closed && !view.isSilent) continue;
      // A window that browsers keep apart from this one seems closed from the start.
      if (!view.hasAnswered) this.#host.say('The new window cannot be reached from here. Close it, reload this page and try again');
      this.#windows.delete(view);
      view.disconnect();
      if (view.mode === 'popOut') this.#host.poppedOut(false);
    }
    if (this.#windows.size > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  };
}

class FurtherWindow {
  readonly window: Window;
  readonly mode: WindowMode;
  #host: WindowsHost;
  /** Its name in the render worker. */
  readonly #camera = crypto.randomUUID();
  #control: MessagePort | undefined;
  #openedMs = performance.now();
  #hasAnswered = false;
  #isClosing = false;

  constructor(opened: Window, mode: WindowMode, host: WindowsHost) {
    this.window = opened;
    this.mode = mode;
    this.#host = host;
  }

  get hasAnswered(): boolean {
    return this.#hasAnswered || this.#isClosing;
  }

  /** It never answered, and is not going to. */
  get isSilent(): boolean {
    return !this.hasAnswered && performance.now() - this.#openedMs > SILENT_MS;
  }

  focus(): void {
    this.window.focus();
  }

  close(): void {
    this.#isClosing = true;
    this.window.close();
  }

  /** It is there, for the first time or after a reload. */
  connect(): void {
    this.#hasAnswered = true;
    this.disconnect();
    const renderer = this.#host.openCamera(this.#camera);
    const control = new MessageChannel();
    this.#control = control.port1;
    control.port1.onmessage = ({ data }: MessageEvent<WindowRequest>) => this.#obey(data);
    const message: WindowOpen = { kind: 'windowOpen', mode: this.mode, renderer, control: control.port2 };
    this.window.postMessage(message, location.origin, [renderer, control.port2]);
    this.post({ kind: 'state', state: this.#host.state() });
    const camera = this.#host.pose();
    if (camera !== undefined) this.moved(camera);
  }

  disconnect(): void {
    if (this.#control === undefined) return;
    this.#control.close();
    this.#control = undefined;
    this.#host.closeCamera(this.#camera);
  }

  post(command: WindowCommand): void {
    this.#control?.postMessage(command);
  }

  moved(camera: CameraPose): void {
    if (this.mode !== 'camera') this.post({ kind: 'camera', camera });
  }

  #obey(request: WindowRequest): void {
    switch (request.kind) {
      case 'view':
        if (this.mode === 'popOut') this.#host.setView(request.view);
        break;
      case 'useCamera':
        this.#host.cameraPose(request.path).then(
          (camera) => this.post({ kind: 'camera', camera }),
          () => this.#host.say(`There is no camera ${request.path} any more`),
        );
        break;
      case 'choose':
        this.#host.choose(request.prim);
        break;
      case 'key':
        this.#host.pressKey(request.key, request.isShifted);
        break;
      case 'animationFrame':
        this.#host.animationFrame();
        break;
      case 'bringBack':
        this.close();
        break;
      case 'left':
        this.disconnect();
        break;
    }
  }
}

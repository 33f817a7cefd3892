/** A further window: one camera in the scene of the window that opened it (`share/protocol/windows.ts`). */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { StageId } from '../../share/protocol/scene.ts';
import { isWindowOpen, type WindowCommand, type WindowMode, type WindowRequest, type WindowState } from '../../share/protocol/windows.ts';
import { MediaController } from '../controllers/media-controller.ts';
import { RendererController } from '../controllers/renderer-controller.ts';
import '../elements/usd-notice.ts';
import { icon, type IconName } from '../styles/icons.ts';
import { base, controls, glass } from '../styles/shared.ts';
import { tokens } from '../styles/tokens.ts';
import '../viewport/usd-viewport.ts';
import type { CanvasHandover, UsdViewport } from '../viewport/usd-viewport.ts';

/** Time is the same in every window; other keys of the opener are about its own picture. */
const TIME_KEYS = /^(?:[ ,.]|Home|End)$/u;
/** What the opener's camera does this soon after a hand moved the one here is only the echo of that. */
const ECHO_MS = 1500;
/** The opener answers at once; one that is gone never does. */
const ANSWER_MS = 8000;
/** How often is looked whether the opener is there. */
const LOOK_MS = 1000;
/** A pointer that rests this long over a presentation is hidden. */
const IDLE_MS = 2000;

type Trouble = 'waiting' | 'alone' | 'left' | 'drawing';

const TEXTS: Readonly<Record<Exclude<Trouble, 'waiting'>, readonly [heading: string, text: string]>> = {
  alone: [
    'This window shows nothing by itself',
    'It belongs to a window of Proscenium that is not there. Open the file in Proscenium, and a window from there.',
  ],
  left: ['The window that this one belongs to was closed or reloaded', 'Close this window, and open another from there.'],
  drawing: ['Nothing can be drawn here', ''],
};

@customElement('usd-window')
export class UsdWindow extends LitElement {
  static override styles = [
    base,
    controls,
    glass,
    css`
      :host {
        position: fixed;
        inset: 0;
        display: grid;
        background: var(--stage);
      }

      usd-viewport {
        grid-area: 1 / 1;
      }

      :host(.presents) usd-viewport {
        pointer-events: none;
      }

      :host(.idle) {
        cursor: none;
      }

      .over {
        position: absolute;
        top: var(--space-2);
        right: var(--space-2);
        left: var(--space-2);
        display: flex;
        justify-content: flex-end;
        gap: var(--space-2);
        pointer-events: none;
      }

      .over > * {
        pointer-events: auto;
      }

      .tools {
        display: flex;
        gap: 2px;
        padding: 2px;
      }

      .cameras {
        padding: 2px;
      }

      .middle,
      .hint {
        grid-area: 1 / 1;
        z-index: 1;
        place-self: center;
        max-width: 30rem;
      }

      .hint {
        align-self: end;
        margin-bottom: var(--space-3);
        padding: var(--space-2) var(--space-3);
        pointer-events: none;
      }
    `,
  ];

  @state() private shown: WindowState | undefined;
  @state() private trouble: Trouble | undefined = 'waiting';
  @state() private path = '';
  @state() private isHintShown = false;

  @query('usd-viewport') private viewport!: UsdViewport | null;

  readonly #reducedMotion = new MediaController(this, '(prefers-reduced-motion: reduce)');
  readonly #opener = window.opener as Window | null;
  #mode: WindowMode = 'camera';
  #renderer: RendererController | undefined;
  #control: MessagePort | undefined;
  /** A canvas that came before there was a renderer. */
  #canvas: CanvasHandover | undefined;
  #stage: StageId | undefined;
  /** Set by the opener until the hand here moves the camera. */
  #isFollowing = true;
  #echoUntil = 0;
  #isTicking = false;
  #idling: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'main');
    const { styleSheet } = tokens;
    if (styleSheet !== undefined) document.adoptedStyleSheets = [...document.adoptedStyleSheets, styleSheet];
    window.addEventListener('message', this.#onMessage);
    window.addEventListener('pagehide', () => this.#post({ kind: 'left' }));
    window.addEventListener('keydown', this.#onKey);
    document.addEventListener('visibilitychange', () => this.#renderer?.setVisible(!document.hidden));
    if (this.#opener === null) {
      this.trouble = 'alone';
      return;
    }
    this.#opener.postMessage({ kind: 'windowReady' }, location.origin);
    setTimeout(() => {
      if (this.trouble === 'waiting') this.trouble = 'alone';
    }, ANSWER_MS);
    setInterval(() => {
      if (this.#opener?.closed === true && this.trouble !== 'alone') this.trouble = 'left';
    }, LOOK_MS);
  }

  protected override willUpdate(): void {
    const { shown } = this;
    this.classList.toggle('presents', this.#mode === 'present');
    if (shown !== undefined) document.documentElement.dataset['theme'] = shown.theme;
    const what = { popOut: '', camera: 'Camera · ', present: 'Presentation · ' }[this.#mode];
    document.title = shown === undefined || shown.name === '' ? 'Proscenium' : `${what}${shown.name} · Proscenium`;
  }

  protected override render(): TemplateResult {
    const { shown, trouble } = this;
    const isPresenting = this.#mode === 'present';
    return html`
      <usd-viewport
        .label=${this.#label}
        .isMotionAllowed=${!this.#reducedMotion.matches}
        @usd-canvas=${(event: HTMLElementEventMap['usd-canvas']) => this.#attach(event.detail)}
        @usd-resize=${(event: HTMLElementEventMap['usd-resize']) => this.#renderer?.resize(event.detail.size)}
        @usd-camera=${this.#onCamera}
        @usd-camera-freed=${() => this.#free()}
        @usd-choose=${(event: HTMLElementEventMap['usd-choose']) => void this.#choose(event.detail.x, event.detail.y)}
        @pointermove=${this.#wake}
        @pointerdown=${() => this.#free()}
        @wheel=${() => this.#free()}
      ></usd-viewport>
      ${trouble === undefined && !isPresenting && shown?.stage !== undefined ? this.#renderTools(shown) : nothing}
      ${trouble === undefined && shown?.stage === undefined ? html`<usd-notice class="middle" heading="Nothing is open"></usd-notice>` : nothing}
      ${trouble === undefined || trouble === 'waiting' ? nothing : this.#renderTrouble(trouble)}
      ${this.isHintShown ? html`<p class="glass hint">Double click or press F for full screen</p>` : nothing}
    `;
  }

  get #label(): string {
    const { shown } = this;
    if (shown?.stage === undefined) return '3D view, empty';
    const keys = this.#mode === 'present' ? '' : ' Arrow keys turn, Shift and arrow keys pan, plus and minus come nearer and go further.';
    return `3D view of ${shown.name}.${keys}`;
  }

  #renderTools({ cameras }: WindowState): TemplateResult {
    const hasCameras = this.#mode === 'camera' && cameras.length > 0;
    return html`<div class="over">
      ${
        hasCameras
          ? html`<div class="glass cameras">
              <select aria-label="Camera" @change=${(event: Event) => this.#useCamera((event.target as HTMLSelectElement).value)}>
                <option value="" .selected=${this.path === ''}>Free camera</option>
                ${cameras.map(({ path, name }) => html`<option value=${path} .selected=${this.path === path} title=${path}>${name}</option>`)}
              </select>
            </div>`
          : nothing
      }
      <div class="glass tools" role="toolbar" aria-label="View">
        ${this.#renderTool('frame', 'Frame everything', () => this.#frame())}
        ${document.fullscreenEnabled ? this.#renderTool('fullscreen', 'Full screen', () => void this.#toggleFullscreen()) : nothing}
        ${this.#mode === 'popOut' ? this.#renderTool('close', 'Bring the picture back', () => this.#post({ kind: 'bringBack' })) : nothing}
      </div>
    </div>`;
  }

  #renderTool(name: IconName, label: string, run: () => void): TemplateResult {
    return html`<button class="quiet icon-only" title=${label} aria-label=${label} @click=${run}>${icon(name)}</button>`;
  }

  #renderTrouble(trouble: Exclude<Trouble, 'waiting'>): TemplateResult {
    const [heading, text] = TEXTS[trouble];
    const drawing = this.#renderer?.state;
    return html`<usd-notice
      class="middle"
      role="alert"
      heading=${heading}
      text=${trouble === 'drawing' && drawing?.kind === 'unavailable' ? drawing.error.message : text}
    >
      <button class="primary" @click=${() => window.close()}>Close this window</button>
    </usd-notice>`;
  }

  #onMessage = ({ data, source, origin }: MessageEvent<unknown>): void => {
    if (origin !== location.origin || source !== this.#opener || !isWindowOpen(data) || this.#control !== undefined) return;
    this.#mode = data.mode;
    this.#control = data.control;
    this.#control.onmessage = (event: MessageEvent<WindowCommand>) => this.#obey(event.data);
    const port = data.renderer;
    const endpoint = {
      postMessage: (message: unknown, transfer: Transferable[]) => port.postMessage(message, transfer),
      addEventListener: (type: 'message' | 'error' | 'messageerror', listener: (event: Event) => void) =>
        port.addEventListener(type, listener),
    };
    this.#renderer = new RendererController(this, endpoint, undefined, {
      lost: () => this.viewport?.renewCanvas(),
      problem: () => undefined,
      pictured: () => undefined,
      boundsChanged: () => undefined,
    });
    port.start();
    this.trouble = undefined;
    if (this.#mode !== 'present') return;
    this.isHintShown = document.fullscreenEnabled;
    setTimeout(() => {
      this.isHintShown = false;
    }, 2 * IDLE_MS);
    this.addEventListener('dblclick', () => void this.#toggleFullscreen());
    this.addEventListener('pointermove', this.#wake);
  };

  #obey(command: WindowCommand): void {
    switch (command.kind) {
      case 'state':
        this.#show(command.state);
        break;
      case 'camera':
        this.#follow(command.camera);
        break;
      case 'openerLeft':
        this.trouble = 'left';
        break;
    }
    this.#tick();
  }

  #show(state: WindowState): void {
    const { viewport } = this;
    this.shown = state;
    this.#renderer?.setSettings(state.settings);
    if (viewport !== null) {
      if (state.stage !== this.#stage) {
        this.#stage = state.stage;
        this.path = '';
        viewport.reset(state.upAxis);
      }
      viewport.setBounds(state.bounds);
    }
    // Not before: nothing is to be seen of other settings than these.
    if (this.#canvas !== undefined) this.#attach(this.#canvas);
  }

  #follow(camera: CameraPose): void {
    if (this.#mode === 'camera') {
      // The opener's own camera is told once, for the beginning; what is asked for comes later.
      if (this.path === '') return;
    } else {
      if (performance.now() < this.#echoUntil) return;
      this.#isFollowing = true;
    }
    this.viewport?.lookThrough(camera);
  }

  #attach(handover: CanvasHandover): void {
    if (this.#renderer === undefined || this.shown === undefined) this.#canvas = handover;
    else {
      this.#canvas = undefined;
      this.#renderer.attach(handover);
    }
  }

  #onCamera = (event: HTMLElementEventMap['usd-camera']): void => {
    this.#renderer?.setCamera(event.detail.camera);
    const view = this.viewport?.view;
    if (this.#mode === 'popOut' && !this.#isFollowing && view !== undefined) {
      this.#echoUntil = performance.now() + ECHO_MS;
      this.#post({ kind: 'view', view });
    }
  };

  /** The hand here has the camera. */
  #free(): void {
    this.#isFollowing = false;
    this.path = '';
  }

  #frame(): void {
    this.#free();
    this.viewport?.frame();
  }

  #useCamera(path: string): void {
    this.path = path;
    if (path === '') this.viewport?.lookFreely();
    else this.#post({ kind: 'useCamera', path });
  }

  async #choose(x: number, y: number): Promise<void> {
    if (this.#mode !== 'popOut') {
      this.#frame();
      return;
    }
    const prim = await this.#renderer?.pick(x, y).catch(() => undefined);
    this.#echoUntil = 0;
    this.#post({ kind: 'choose', ...(prim === undefined ? {} : { prim }) });
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const [target] = event.composedPath();
    if (target instanceof HTMLSelectElement || (target instanceof HTMLButtonElement && /^(?: |Enter)$/u.test(event.key))) return;
    // F5, F11 and their like are the browser's.
    if (/^F\d+$/u.test(event.key)) return;
    const isMoving = /^(?:Arrow|[+=\-_[\]])/u.test(event.key);
    if (event.key.toLowerCase() === 'f' && this.#mode === 'present') void this.#toggleFullscreen();
    else if (/^[far]$/iu.test(event.key) && this.#mode === 'camera') this.#frame();
    else if (isMoving && this.#mode !== 'present') this.#free();
    else if (this.#mode === 'camera' ? TIME_KEYS.test(event.key) : event.key !== 'Escape' && event.key !== 'Tab') {
      this.#echoUntil = 0;
      this.#post({ kind: 'key', key: event.key, isShifted: event.shiftKey });
      event.preventDefault();
    }
  };

  #wake = (): void => {
    this.classList.remove('idle');
    clearTimeout(this.#idling);
    if (this.#mode === 'present') this.#idling = setTimeout(() => this.classList.add('idle'), IDLE_MS);
  };

  /** While the opener is hidden, its worker has no animation frames: these are this window's. */
  #tick(): void {
    if (this.#isTicking || this.shown?.isOpenerHidden !== true) return;
    this.#isTicking = true;
    requestAnimationFrame(() => {
      this.#isTicking = false;
      this.#renderer?.animationFrame();
      this.#post({ kind: 'animationFrame' });
      this.#tick();
    });
  }

  async #toggleFullscreen(): Promise<void> {
    this.isHintShown = false;
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen().catch(() => undefined);
    else await document.exitFullscreen();
  }

  #post(request: WindowRequest): void {
    this.#control?.postMessage(request);
  }

  protected override updated(): void {
    if (this.#renderer?.state.kind === 'unavailable' && this.trouble === undefined) this.trouble = 'drawing';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-window': UsdWindow;
  }
}

document.body.append(new UsdWindow());

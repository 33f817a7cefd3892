/** The shadow tree of `<usd-view>`: everything but what draws. */
import { icon, make } from './make.ts';
import { STYLES } from './styles.ts';

const CUBE = 'M12 2 3 7v10l9 5 9-5V7zm0 2.3 5.9 3.3L12 10.900 6.100 7.600zM5 9.300l6 3.400v6.300l-6-3.300zm8 9.700v-6.300l6-3.400v6.400z';
const HAND = 'M9 11V5a1.500 1.500 0 0 1 3 0v5l6.200 1.600A2.400 2.400 0 0 1 20 14.200L19 22h-9l-5-6.500a1.400 1.400 0 0 1 2-1.900z';

export class Skeleton {
  /** Takes focus and input; the canvas goes into it. */
  readonly surface = make('div', { class: 'fill surface', part: 'surface' });
  readonly hotspots = make('div', { class: 'fill layer', part: 'hotspots' });
  readonly poster = make('div', { class: 'fill poster', part: 'poster' });
  readonly posterImage = make('img', { part: 'poster-image', alt: '', decoding: 'async', hidden: '' });
  readonly loadButton = make('button', { part: 'load-button', type: 'button', hidden: '' }, icon(CUBE), 'Show 3D model');
  readonly message = make('div', { class: 'fill message', part: 'message', hidden: '' });
  readonly progress = make('div', { class: 'fill progress gone', part: 'progress' });
  readonly prompt = make('div', { class: 'fill layer note', part: 'interaction-prompt', 'aria-hidden': 'true' });
  readonly hint = make('div', { class: 'fill layer note hint', part: 'wheel-hint', 'aria-hidden': 'true' });
  /** Where the default buttons go. */
  readonly controls = make('slot', { name: 'controls' });
  readonly arButton = make('div', { class: 'corner', hidden: '' });

  #bar = make('div', { part: 'progress-bar-value' });
  #status = make('div', { class: 'status', role: 'status' });

  constructor(host: HTMLElement) {
    const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
    adoptStyles(root);
    // A picture that cannot be loaded is no poster.
    this.posterImage.addEventListener('error', () => (this.posterImage.hidden = true));
    this.poster.append(make('slot', { name: 'poster' }, this.posterImage), this.loadButton);
    const bar = make('div', { class: 'bar', part: 'progress-bar default-progress-bar' }, this.#bar);
    this.progress.append(make('slot', { name: 'progress' }, make('slot', { name: 'progress-bar' }, bar)));
    const isTouch = globalThis.matchMedia?.('(pointer: coarse)').matches === true;
    this.prompt.append(
      make('slot', { name: 'interaction-prompt' }, make('span', {}, icon(HAND), `${isTouch ? 'Swipe' : 'Drag'} to turn the model`)),
    );
    const key = /Mac|iP(?:hone|ad|od)/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';
    this.hint.append(make('span', {}, `Use ${key} and the wheel to zoom`));
    this.arButton.append(
      make('slot', { name: 'ar-button' }, make('button', { part: 'default-ar-button', type: 'button' }, icon(CUBE), 'View in your space')),
    );
    root.append(
      this.surface,
      make('div', { class: 'fill focus' }),
      this.hotspots,
      make('div', { class: 'fill layer' }, make('slot')),
      this.prompt,
      this.hint,
      make('div', { class: 'controls', part: 'controls' }, this.controls),
      this.poster,
      this.progress,
      this.message,
      this.arButton,
      this.#status,
    );
  }

  /** Name and kind of what the surface shows. */
  describe(label: string, description: string, canControl: boolean): void {
    const { surface } = this;
    surface.setAttribute('aria-label', label);
    // As an application it is given the arrow keys by screen readers.
    surface.setAttribute('role', canControl ? 'application' : 'img');
    toggle(surface, 'aria-roledescription', canControl ? '3D model' : '');
    toggle(surface, 'aria-description', description);
    toggle(surface, 'tabindex', canControl ? '0' : '');
    toggle(surface, 'aria-keyshortcuts', canControl ? 'ArrowLeft ArrowRight ArrowUp ArrowDown Plus - Home Space' : '');
    surface.classList.toggle('live', canControl);
    this.posterImage.alt = label;
    this.loadButton.setAttribute('aria-label', `Show 3D model: ${label}`);
  }

  /** 0 to 1. */
  setProgress(share: number): void {
    // Before anything is known a little of it shows that it has begun.
    this.#bar.style.transform = `scaleX(${Math.max(share, 0.03)})`;
    this.progress.classList.toggle('gone', share >= 1);
  }

  say(text: string): void {
    this.#status.textContent = text;
  }
}

function toggle(element: Element, attribute: string, value: string): void {
  if (value === '') element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}

let sheet: CSSStyleSheet | undefined;

/** One sheet for all elements; adopted ones pass a content security policy that a style element would not. */
function adoptStyles(root: ShadowRoot): void {
  if ('adoptedStyleSheets' in root) {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLES);
    }
    root.adoptedStyleSheets = [sheet];
  } else (root as ShadowRoot).append(make('style', {}, STYLES));
}

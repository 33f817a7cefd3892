import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RecordingTrack } from '../../share/protocol/recorder.ts';
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import { cssProps } from '../elements/css-props.ts';
import { dialogStyles } from '../elements/dialog-styles.ts';
import { formatBytes, groupThousands } from '../elements/format.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import { formatFrames, roughly } from './durations.ts';
import { DEFAULT_CHOICES, FRAME_RATES, frameCountOf, sizeOf, SIZES, type RecordingChoices, type SizeName } from './recording-choices.ts';
import { secondsLeft, type RecordingKind, type RecordingProgress, type TimeRange, type TurnDirection } from './recording-plan.ts';
import { QUALITIES, supportedTrack, VIDEO_FORMATS, type Quality, type VideoFormat } from './video-formats.ts';

const KINDS: readonly (readonly [RecordingKind, string])[] = [
  ['turntable', 'Turntable'],
  ['animation', 'Animation'],
  ['live', 'What is seen'],
];
const TITLES: Readonly<Record<RecordingKind, string>> = {
  turntable: 'Recording a turntable',
  animation: 'Recording the animation',
  live: 'Recording what is seen',
};
const QUALITY_NAMES: Readonly<Record<Quality, string>> = { small: 'Small file', good: 'Good', best: 'Best' };
const MAX_TURN_SECONDS = 600;
const MAX_TURNS = 100;
/** A screen reader is told so often how far it is, and at each quarter. */
const SPOKEN_MS = 15_000;

/** What the browser makes of a format at the chosen size and rate. */
interface Offer {
  readonly format: VideoFormat;
  readonly track: RecordingTrack | undefined;
}

/**
 * Asks what is to be recorded and how, and shows how far it is.
 *
 * @fires usd-record it is to begin, within the click
 * @fires usd-recording-choices something was chosen
 * @fires usd-recording-cancel the recording is to be given up
 * @fires usd-close the dialog was closed
 */
@customElement('usd-record-dialog')
export class UsdRecordDialog extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      dialog {
        width: min(30rem, calc(100vw - 2 * var(--space-3)));
      }

      .body {
        display: grid;
        align-content: start;
      }

      fieldset {
        display: grid;
        grid-auto-columns: minmax(0, 1fr);
        grid-auto-flow: column;
        gap: 2px;
        min-width: 0;
        margin: 0 0 var(--space-2);
        padding: 3px;
        border: 1px solid var(--line);
        border-radius: var(--radius-2);
        background: var(--field);
      }

      .kind {
        position: relative;
        display: grid;
        place-items: center;
        min-height: calc(var(--control) * 0.9);
        padding-inline: var(--space-1);
        border-radius: 6px;
        color: var(--text-2);
        text-align: center;
        line-height: 1.2;
      }

      .kind input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      .kind:hover:not(:has(:disabled)) {
        color: var(--text);
      }

      .kind:has(:checked) {
        background: var(--selected);
        color: var(--text);
        font-weight: 600;
      }

      .kind:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 1px;
      }

      .kind:has(:disabled) {
        color: var(--text-3);
        text-decoration: line-through;
      }

      .kind input:disabled {
        cursor: default;
      }

      .line {
        display: grid;
        grid-template-columns: 9.5rem minmax(0, 1fr);
        align-items: center;
        gap: var(--space-2);
        min-height: calc(var(--control) + 0.4rem);
      }

      .with-unit {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--text-2);
      }

      .with-unit input[type='number'] {
        width: 6rem;
      }

      p {
        margin: var(--space-1) 0;
        color: var(--text-2);
      }

      .hint {
        color: var(--text-3);
        font-size: var(--size-2);
      }

      .error {
        display: flex;
        gap: var(--space-2);
        margin: 0 0 var(--space-2);
        padding: var(--space-2);
        border: 1px solid var(--error);
        border-radius: var(--radius-2);
        color: var(--error);
      }

      .summary {
        margin-block: var(--space-2) 0;
        padding-top: var(--space-2);
        border-top: 1px solid var(--line);
        font-variant-numeric: tabular-nums;
      }

      .percent {
        margin-bottom: var(--space-2);
        font-size: var(--size-5);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        line-height: 1.2;
      }

      .bar {
        height: 8px;
        overflow: hidden;
        border-radius: 4px;
        background: var(--line);
      }

      .bar::before {
        display: block;
        height: 100%;
        background: var(--accent);
        transform: scaleX(var(--part));
        transform-origin: left;
        transition: transform 240ms linear;
        content: '';
      }

      .figures {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 var(--space-3);
        min-height: 1.45em;
        margin-block: var(--space-2) 0;
        font-variant-numeric: tabular-nums;
      }

      @media (prefers-reduced-motion: reduce) {
        .bar::before {
          transition: none;
        }
      }

      @media (max-width: 30rem) {
        .line {
          grid-template-columns: 7rem minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) choices: RecordingChoices = DEFAULT_CHOICES;
  /** Pixels of the viewport. */
  @property({ attribute: false }) viewport: SurfaceSize = { width: 2, height: 2 };
  /** Undefined where nothing moves. */
  @property({ attribute: false }) animation: TimeRange | undefined;
  /** Frames a second that the stage is made for. */
  @property({ type: Number }) stageRate = 24;
  /** What MediaRecorder makes of the canvas, where there is no encoder. */
  @property() canvasType = '';
  /** Undefined while nothing is recorded. */
  @property({ attribute: false }) progress: RecordingProgress | undefined;
  /** All frames are drawn; the file is being ended. */
  @property({ type: Boolean }) isFinishing = false;
  /** Why the last recording failed. */
  @property() error = '';

  /** Undefined until the browser has answered. */
  @state() private offers: readonly Offer[] | undefined;
  /** What was offered is for another size or rate. */
  @state() private isAsking = true;
  @state() private spoken = '';

  @query('dialog') private dialog!: HTMLDialogElement;
  @query('#cancel') private cancelButton!: HTMLButtonElement | null;

  #asked = '';
  #spokenMs = 0;
  #spokenQuarter = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    // Back on the page with its document: what was taken off the page is no longer above it.
    if (!this.hasUpdated) return;
    this.dialog.removeAttribute('open');
    this.dialog.showModal();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('choices') || changed.has('viewport')) void this.#askForOffers();
    if (changed.has('progress')) this.#speak();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('progress') && changed.get('progress') === undefined && this.progress !== undefined) this.cancelButton?.focus();
  }

  protected override render(): TemplateResult {
    const { progress } = this;
    return html`
      <dialog aria-labelledby="title" @close=${this.#onClose} @cancel=${this.#onEscape}>
        ${progress === undefined ? this.#renderChoices() : this.#renderProgress(progress)}
        <div class="visually-hidden" role="status">${this.spoken}</div>
      </dialog>
    `;
  }

  // Choosing.

  #renderChoices(): TemplateResult {
    const { choices, error } = this;
    const canRecord = !this.isAsking && (this.#track !== undefined || this.#isByCanvas);
    return html`
      <header role="none">
        <h1 id="title">Record</h1>
        <button class="quiet icon-only" aria-label="Close" @click=${() => this.dialog.close()}>${icon('close')}</button>
      </header>
      <div class="body scroll">
        ${error === '' ? nothing : html`<div class="error" role="alert">${icon('error')}<span>${error}</span></div>`}
        <fieldset aria-label="What to record">
          ${KINDS.map(
            ([kind, name]) => html`
              <label class="kind" title=${kind === 'animation' && this.animation === undefined ? 'Nothing in this scene moves' : nothing}>
                <input
                  type="radio"
                  name="kind"
                  value=${kind}
                  ?disabled=${kind === 'animation' && this.animation === undefined}
                  ?autofocus=${kind === choices.kind}
                  .checked=${kind === choices.kind}
                  @change=${() => this.#choose({ kind })}
                />${name}
              </label>
            `,
          )}
        </fieldset>
        ${this.#renderKind()} ${this.#renderFormat()}
        <div class="line">
          <label for="size">Size</label>
          <select id="size" ?disabled=${this.#isByCanvas} @change=${(event: Event) => this.#choose({ size: valueOf(event) as SizeName })}>
            ${(Object.keys(SIZES) as SizeName[]).map((name) => {
              const { width, height } = sizeOf(name, this.viewport);
              return html`<option value=${name} .selected=${name === choices.size}>${SIZES[name].label}, ${width} × ${height}</option>`;
            })}
          </select>
        </div>
        <div class="line">
          <label for="rate">Frames per second</label>
          <select id="rate" @change=${(event: Event) => this.#choose({ framesPerSecond: Number(valueOf(event)) })}>
            ${this.#rates.map((rate) => html`<option value=${rate} .selected=${rate === choices.framesPerSecond}>${rate}</option>`)}
          </select>
        </div>
        <div class="line">
          <label for="quality">Quality</label>
          <select id="quality" @change=${(event: Event) => this.#choose({ quality: valueOf(event) as Quality })}>
            ${QUALITIES.map((name) => html`<option value=${name} .selected=${name === choices.quality}>${QUALITY_NAMES[name]}</option>`)}
          </select>
        </div>
        ${this.#renderTransparent()}
        <p class="summary">${this.#summary}</p>
      </div>
      <footer role="none">
        <button class="primary" ?disabled=${!canRecord || !this.#isValid} @click=${this.#begin}>Record</button>
      </footer>
    `;
  }

  #renderKind(): TemplateResult {
    const { kind, secondsPerTurn, turns, direction } = this.choices;
    if (kind === 'live') {
      return html`<p class="hint">
        The picture as you move in it, until you stop. Frames that the computer is too slow for are left out, and counted.
      </p>`;
    }
    if (kind === 'animation' && this.animation !== undefined) {
      const { start, end, timeCodesPerSecond } = this.animation;
      return html`<p class="hint">
        Every frame from time code ${start} to ${end}, ${timeCodesPerSecond} a second, drawn one after the other: none is left out.
      </p>`;
    }
    return html`
      <div class="line">
        <label for="seconds">A turn takes</label>
        <span class="with-unit">
          <input
            type="number"
            id="seconds"
            min="0.1"
            max=${MAX_TURN_SECONDS}
            step="any"
            .value=${numberText(secondsPerTurn)}
            @input=${(event: Event) => this.#chooseNumber('secondsPerTurn', event)}
          />seconds
        </span>
      </div>
      <div class="line">
        <label for="turns">Turns</label>
        <span class="with-unit">
          <input
            type="number"
            id="turns"
            min="1"
            max=${MAX_TURNS}
            .value=${numberText(turns)}
            @input=${(event: Event) => this.#chooseNumber('turns', event)}
          />
        </span>
      </div>
      <div class="line">
        <label for="direction">Camera moves</label>
        <select id="direction" @change=${(event: Event) => this.#choose({ direction: valueOf(event) as TurnDirection })}>
          <option value="right" .selected=${direction === 'right'}>To the right</option>
          <option value="left" .selected=${direction === 'left'}>To the left</option>
        </select>
      </div>
    `;
  }

  #renderFormat(): TemplateResult {
    const { offers } = this;
    if (offers?.every(({ track }) => track === undefined) === true) {
      return html`<p class="hint">
        ${
          this.#isByCanvas
            ? `This browser encodes no video for pages. It records the viewport itself, as ${containerName(this.canvasType)}.`
            : this.canvasType === ''
              ? 'This browser encodes no video of this size: choose a smaller one, or save pictures.'
              : 'This browser encodes no video of this size for pages: choose a smaller one, or record what is seen.'
        }
      </p>`;
    }
    const chosen = this.#offer?.format.label;
    return html`
      <div class="line">
        <label for="format">Format</label>
        <select id="format" ?disabled=${offers === undefined} @change=${(event: Event) => this.#choose({ format: valueOf(event) })}>
          ${
            offers === undefined
              ? html`<option>Asking the browser…</option>`
              : offers
                  .filter(({ track }) => track !== undefined)
                  .map(({ format: { label } }) => html`<option value=${label} .selected=${label === chosen}>${label}</option>`)
          }
        </select>
      </div>
    `;
  }

  #renderTransparent(): TemplateResult | typeof nothing {
    if (this.offers?.some(({ format, track }) => format.canBeTransparent && track !== undefined) !== true) return nothing;
    const canBe = this.#offer?.format.canBeTransparent === true;
    return html`
      <div class="line">
        <label for="transparent">Transparent</label>
        <span class="with-unit">
          <input
            type="checkbox"
            id="transparent"
            aria-describedby="transparent-hint"
            ?disabled=${!canBe}
            .checked=${canBe && this.choices.isTransparent}
            @change=${(event: Event) => this.#choose({ isTransparent: (event.target as HTMLInputElement).checked })}
          />
          <span class="hint" id="transparent-hint">${canBe ? 'Nothing behind the scene' : 'WebM with VP9 can be'}</span>
        </span>
      </div>
    `;
  }

  get #rates(): readonly number[] {
    const { stageRate, choices } = this;
    const isOdd = stageRate > 0 && stageRate <= 120 && !FRAME_RATES.includes(stageRate) && choices.kind === 'animation';
    return isOdd ? [...FRAME_RATES, stageRate].toSorted((a, b) => a - b) : FRAME_RATES;
  }

  /** The chosen format, or the first that the browser has. */
  get #offer(): Offer | undefined {
    const possible = this.offers?.filter(({ track }) => track !== undefined) ?? [];
    return possible.find(({ format }) => format.label === this.choices.format) ?? possible[0];
  }

  get #track(): RecordingTrack | undefined {
    return this.#offer?.track;
  }

  /** Without an encoder the browser records the canvas that is seen, and only that. */
  get #isByCanvas(): boolean {
    const hasNone = this.offers?.every(({ track }) => track === undefined) === true;
    return hasNone && this.canvasType !== '' && this.choices.kind === 'live';
  }

  get #isValid(): boolean {
    const { kind, secondsPerTurn, turns } = this.choices;
    if (kind === 'animation') return this.animation !== undefined;
    if (kind === 'live') return true;
    const isWhole = Number.isInteger(turns) && turns >= 1 && turns <= MAX_TURNS;
    return isWhole && secondsPerTurn >= 0.1 && secondsPerTurn <= MAX_TURN_SECONDS;
  }

  get #summary(): string {
    if (!this.#isValid) return `A turn takes 0.1 to ${MAX_TURN_SECONDS} seconds, and there are 1 to ${MAX_TURNS} turns`;
    const count = frameCountOf(this.choices, this.animation);
    const track = this.#track;
    const bytesPerSecond = (track?.bitrate ?? 0) / 8;
    if (count === undefined)
      return track === undefined ? 'Until you stop' : `Until you stop, at most ${formatBytes(bytesPerSecond * 60)} a minute`;
    const seconds = count / this.choices.framesPerSecond;
    const size = track === undefined ? '' : `, at most ${formatBytes(bytesPerSecond * seconds)}`;
    return `${formatFrames(count)}, ${groupThousands(Math.round(seconds * 100) / 100)} s${size}`;
  }

  #chooseNumber(name: 'secondsPerTurn' | 'turns', event: Event): void {
    const input = event.target as HTMLInputElement;
    // Half a number, as `0.`, is being typed: it must not be overwritten.
    if (!input.validity.badInput) this.#choose({ [name]: input.valueAsNumber });
  }

  #choose(changed: Partial<RecordingChoices>): void {
    const choices = { ...this.choices, ...changed };
    // The rate of the stage is no rate of the other kinds.
    if (choices.kind !== 'animation' && !FRAME_RATES.includes(choices.framesPerSecond)) {
      this.choices = { ...choices, framesPerSecond: DEFAULT_CHOICES.framesPerSecond };
    } else
      this.choices = changed.kind === 'animation' && this.#isStageRateOffered ? { ...choices, framesPerSecond: this.stageRate } : choices;
    this.dispatchEvent(new CustomEvent('usd-recording-choices', { detail: { choices: this.choices } }));
  }

  get #isStageRateOffered(): boolean {
    return this.stageRate > 0 && this.stageRate <= 120;
  }

  async #askForOffers(): Promise<void> {
    const { choices } = this;
    const size = sizeOf(choices.size, this.viewport);
    const shared = {
      size,
      framesPerSecond: choices.framesPerSecond,
      quality: choices.quality,
      isTransparent: choices.isTransparent,
      isLive: choices.kind === 'live',
    };
    const question = JSON.stringify(shared);
    if (question === this.#asked) return;
    this.#asked = question;
    this.isAsking = true;
    const offers = await Promise.all(VIDEO_FORMATS.map(async (format) => ({ format, track: await supportedTrack({ ...shared, format }) })));
    // Another question was asked meanwhile.
    if (question !== this.#asked) return;
    this.offers = offers;
    this.isAsking = false;
  }

  #begin = (): void => {
    const frameCount = frameCountOf(this.choices, this.animation);
    const counted = frameCount === undefined ? {} : { frameCount };
    const track = this.#track === undefined || this.#isByCanvas ? undefined : { ...this.#track, ...counted };
    const detail = { choices: this.choices, track };
    this.dispatchEvent(new CustomEvent('usd-record', { detail }));
  };

  // Progress.

  #renderProgress(progress: RecordingProgress): TemplateResult {
    const { frames, total = 0 } = progress;
    const part = total === 0 ? 0 : frames / total;
    const left = secondsLeft(progress);
    const time = this.isFinishing ? 'Writing the file…' : left === undefined ? 'Estimating…' : `${roughly(left)} left`;
    return html`
      <header role="none"><h1 id="title">${TITLES[this.choices.kind]}</h1></header>
      <div class="body">
        <div class="percent" aria-hidden="true">${Math.floor(part * 100)} %</div>
        <div
          class="bar"
          role="progressbar"
          aria-labelledby="title"
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow=${Math.floor(part * 100)}
          aria-valuetext="${Math.floor(part * 100)} %, frame ${frames} of ${total}"
          ${cssProps({ '--part': part.toFixed(4) })}
        ></div>
        <p class="figures"><span>Frame ${groupThousands(frames)} of ${groupThousands(total)}</span><span>${time}</span></p>
      </div>
      <footer role="none">
        <button id="cancel" @click=${this.#cancel}>Cancel</button>
      </footer>
    `;
  }

  /** At sensible intervals: at the beginning, at each quarter, and when much time has passed. */
  #speak(): void {
    const { progress } = this;
    if (progress?.total === undefined) {
      this.spoken = '';
      this.#spokenMs = 0;
      this.#spokenQuarter = 0;
      return;
    }
    const { frames, total } = progress;
    const quarter = Math.floor((4 * frames) / total);
    const now = performance.now();
    const isFirst = this.#spokenMs === 0;
    if (!isFirst && quarter === this.#spokenQuarter && now - this.#spokenMs < SPOKEN_MS) return;
    this.#spokenMs = now;
    this.#spokenQuarter = quarter;
    const left = secondsLeft(progress);
    const time = left === undefined || frames === total ? '' : `, ${roughly(left)} left`;
    this.spoken = isFirst ? `Recording ${formatFrames(total)}` : `${Math.floor((100 * frames) / total)} percent${time}`;
  }

  #cancel = (): void => {
    this.dispatchEvent(new CustomEvent('usd-recording-cancel'));
  };

  /** Work of minutes does not end with a slip: Escape goes to the button that ends it, and only the next one closes. */
  #onEscape = (event: Event): void => {
    if (this.progress === undefined) return;
    event.preventDefault();
    this.cancelButton?.focus();
  };

  #onClose = (): void => {
    if (this.progress !== undefined) this.#cancel();
    this.dispatchEvent(new CustomEvent('usd-close'));
  };
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

/** An empty field is no number. */
function numberText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}

function containerName(type: string): string {
  return type.startsWith('video/mp4') ? 'MP4' : 'WebM';
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-record-dialog': UsdRecordDialog;
  }
  interface HTMLElementEventMap {
    'usd-record': CustomEvent<{ readonly choices: RecordingChoices; readonly track: RecordingTrack | undefined }>;
    'usd-recording-choices': CustomEvent<{ readonly choices: RecordingChoices }>;
    'usd-recording-cancel': CustomEvent;
  }
}

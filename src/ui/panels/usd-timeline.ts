import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { cssProps } from '../elements/css-props.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];

/**
 * Transport of an animated stage. Time is in time codes; speed 1 is `timeCodesPerSecond` of them a second.
 *
 * @fires usd-play play or pause
 * @fires usd-step one step back (-1) or forward (1)
 * @fires usd-seek a time code was scrubbed or typed
 * @fires usd-speed the speed was chosen
 * @fires usd-loop looping was switched
 */
@customElement('usd-timeline')
export class UsdTimeline extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        min-width: 0;
        padding: 0.3rem var(--space-1);
        font-variant-numeric: tabular-nums;
      }

      button.icon-only {
        flex: none;
        width: calc(var(--control) * 0.94);
        min-height: calc(var(--control) * 0.94);
        border-radius: 50%;
      }

      .scrub {
        flex: 1;
        min-width: 3rem;
        padding-inline: var(--space-2);
      }

      .scrub input {
        display: block;
      }

      .end {
        flex: none;
        color: var(--text-3);
        font-size: var(--size-2);
      }

      input[type='number'] {
        flex: none;
        width: 4.4rem;
        min-height: calc(var(--control) * 0.86);
        text-align: end;
        appearance: textfield;
      }

      input[type='number']::-webkit-inner-spin-button {
        appearance: none;
      }

      select {
        flex: none;
        width: 5rem;
        min-height: calc(var(--control) * 0.86);
        border-color: transparent;
        background-color: transparent;
      }

      @container bar (max-width: 34rem) {
        select,
        .end,
        .to-start {
          display: none;
        }
      }
    `,
  ];

  @property({ type: Number }) timeCode = 0;
  @property({ type: Number }) start = 0;
  @property({ type: Number }) end = 0;
  @property({ type: Number }) step = 1;
  @property({ type: Number }) timeCodesPerSecond = 24;
  @property({ type: Number }) speed = 1;
  @property({ type: Boolean }) isPlaying = false;
  @property({ type: Boolean }) isLooping = true;

  protected override render(): TemplateResult {
    const { timeCode, start, end } = this;
    const part = end > start ? Math.min(1, Math.max(0, (timeCode - start) / (end - start))) : 0;
    const seconds = (timeCode - start) / this.timeCodesPerSecond;
    return html`
      <button class="quiet icon-only to-start" title="To the start (Home)" aria-label="To the start" @click=${() => this.#seek(start)}>
        ${icon('step-back')}
      </button>
      <button
        class="quiet icon-only"
        title="One step back (,)"
        aria-label="One step back"
        @click=${() => this.#emit('usd-step', { count: -1 })}
      >
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M12.5 5l-5 5 5 5" /></svg>
      </button>
      <button
        class="primary icon-only"
        title="${this.isPlaying ? 'Pause' : 'Play'} (Space)"
        aria-label=${this.isPlaying ? 'Pause' : 'Play'}
        @click=${() => this.#emit('usd-play', {})}
      >
        ${icon(this.isPlaying ? 'pause' : 'play')}
      </button>
      <button
        class="quiet icon-only"
        title="One step forward (.)"
        aria-label="One step forward"
        @click=${() => this.#emit('usd-step', { count: 1 })}
      >
        ${icon('chevron')}
      </button>
      <div class="scrub" ${cssProps({ '--filled': `${(part * 100).toFixed(2)}%` })}>
        <input
          type="range"
          min=${start}
          max=${end}
          step="any"
          .value=${String(timeCode)}
          aria-label="Time code"
          aria-valuetext="${format(timeCode)} of ${format(end)}, ${seconds.toFixed(2)} seconds"
          @input=${(event: Event) => this.#seek(Number((event.target as HTMLInputElement).value))}
          @keydown=${this.#onScrubKey}
        />
      </div>
      <input
        type="number"
        step="any"
        .value=${format(timeCode)}
        aria-label="Current time code"
        @change=${this.#onTyped}
        @keydown=${(event: Event) => event.stopPropagation()}
      />
      <span class="end" title="${this.timeCodesPerSecond} time codes per second">/ ${format(end)}</span>
      <select
        aria-label="Speed"
        @change=${(event: Event) => this.#emit('usd-speed', { speed: Number((event.target as HTMLSelectElement).value) })}
      >
        ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`)}
      </select>
      <button
        class="quiet icon-only"
        title="Loop"
        aria-label="Loop"
        aria-pressed=${String(this.isLooping)}
        @click=${() => this.#emit('usd-loop', { isLooping: !this.isLooping })}
      >
        ${icon('loop')}
      </button>
    `;
  }

  /** Arrow keys step by frames; the browser's own step would be a hundredth of the range. */
  #onScrubKey = (event: KeyboardEvent): void => {
    const count = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (count === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#emit('usd-step', { count });
  };

  #onTyped = (event: Event): void => {
    const typed = (event.target as HTMLInputElement).valueAsNumber;
    if (Number.isFinite(typed)) this.#seek(typed);
  };

  #seek(timeCode: number): void {
    this.#emit('usd-seek', { timeCode });
  }

  #emit<K extends keyof TimelineEvents>(type: K, detail: TimelineEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function format(timeCode: number): string {
  return String(Math.round(timeCode * 100) / 100);
}

interface TimelineEvents {
  'usd-play': object;
  'usd-step': { readonly count: number };
  'usd-seek': { readonly timeCode: number };
  'usd-speed': { readonly speed: number };
  'usd-loop': { readonly isLooping: boolean };
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-timeline': UsdTimeline;
  }
  interface HTMLElementEventMap {
    'usd-play': CustomEvent<object>;
    'usd-step': CustomEvent<TimelineEvents['usd-step']>;
    'usd-seek': CustomEvent<TimelineEvents['usd-seek']>;
    'usd-speed': CustomEvent<TimelineEvents['usd-speed']>;
    'usd-loop': CustomEvent<TimelineEvents['usd-loop']>;
  }
}

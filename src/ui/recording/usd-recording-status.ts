import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { groupThousands } from '../elements/format.ts';
import { base, controls } from '../styles/shared.ts';
import { formatClock, formatFrames } from './durations.ts';
import type { RecordingProgress } from './recording-plan.ts';

/** A screen reader is told so often that it goes on. */
const SPOKEN_SECONDS = 30;

/**
 * Over the picture while what is seen is recorded: how long already, and how it ends.
 *
 * @fires usd-recording-stop enough is seen
 * @fires usd-recording-cancel nothing is to be kept
 */
@customElement('usd-recording-status')
export class UsdRecordingStatus extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        max-width: 100%;
      }

      .pill {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-2);
        padding: 0.31rem 0.31rem 0.31rem var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-3);
        background: var(--panel);
        box-shadow: var(--shadow);
        font-variant-numeric: tabular-nums;
      }

      .dot {
        width: 0.7rem;
        height: 0.7rem;
        border-radius: 50%;
        background: var(--curtain);
        animation: beat 1.6s ease-in-out infinite alternate;
      }

      @keyframes beat {
        to {
          opacity: 0.35;
        }
      }

      .buttons {
        display: flex;
        gap: var(--space-1);
        margin-inline-start: auto;
      }

      .amount {
        margin-inline-end: var(--space-2);
        color: var(--text-2);
      }

      @media (prefers-reduced-motion: reduce) {
        .dot {
          animation: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) progress: RecordingProgress = { frames: 0, total: undefined, elapsedSeconds: 0, dropped: 0 };
  /** It has stopped; the file is being ended. */
  @property({ type: Boolean }) isFinishing = false;

  @state() private spoken = 'Recording';

  #spokenSeconds = 0;

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { elapsedSeconds } = this.progress;
    if (elapsedSeconds - this.#spokenSeconds < SPOKEN_SECONDS) return;
    this.#spokenSeconds = elapsedSeconds;
    this.spoken = `Recording, ${formatClock(elapsedSeconds)}`;
  }

  protected override render(): TemplateResult {
    const { frames, elapsedSeconds, dropped } = this.progress;
    return html`
      <section class="pill" aria-label="Recording">
        <span class="dot"></span>
        <strong>${formatClock(elapsedSeconds)}</strong>
        <span class="amount">
          ${frames === 0 ? nothing : formatFrames(frames)}${dropped === 0 ? nothing : `, ${groupThousands(dropped)} left out`}
        </span>
        <span class="buttons">
          <button class="primary" ?disabled=${this.isFinishing} title="Stop and save (V)" @click=${() => this.#emit('usd-recording-stop')}>
            ${this.isFinishing ? 'Writing the file…' : 'Stop and save'}
          </button>
          <button class="quiet" ?disabled=${this.isFinishing} @click=${() => this.#emit('usd-recording-cancel')}>Discard</button>
        </span>
        <span class="visually-hidden" role="status">${this.spoken}</span>
      </section>
    `;
  }

  #emit(type: 'usd-recording-stop' | 'usd-recording-cancel'): void {
    this.dispatchEvent(new CustomEvent(type));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-recording-status': UsdRecordingStatus;
  }
  interface HTMLElementEventMap {
    'usd-recording-stop': CustomEvent;
  }
}

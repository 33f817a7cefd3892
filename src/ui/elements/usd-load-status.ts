import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LoadPhase } from '../../share/protocol/engine.ts';
import type { LoadProgress } from '../controllers/engine-controller.ts';
import { base, controls } from '../styles/shared.ts';
import { cssProps } from './css-props.ts';
import { formatBytes, formatCount } from './format.ts';

const PHASES: Readonly<Record<LoadPhase, string>> = {
  reading: 'Reading',
  composing: 'Composing',
  geometry: 'Building geometry',
  textures: 'Decoding textures',
  done: 'Drawing',
};
/** Where the bar of each phase begins and ends, parts of the whole. */
const SPANS: Readonly<Record<LoadPhase, readonly [from: number, to: number]>> = {
  reading: [0, 0.3],
  composing: [0.3, 0.45],
  geometry: [0.45, 0.8],
  textures: [0.8, 1],
  done: [1, 1],
};

/**
 * How far a load is: a bar along the top, and what is happening in words at the bottom, `--lift` above it.
 *
 * @fires usd-cancel the load should stop
 */
@customElement('usd-load-status')
export class UsdLoadStatus extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        position: absolute;
        z-index: 1;
        inset: 0;
        display: flex;
        align-items: flex-end;
        justify-content: center;
        padding: var(--space-2);
        padding-bottom: calc(var(--lift, 0px) + var(--space-2));
        pointer-events: none;
      }

      .bar {
        position: absolute;
        inset: 0 0 auto;
        height: 3px;
        overflow: hidden;
        background: transparent;
      }

      .bar::before {
        position: absolute;
        inset: 0;
        background: var(--accent);
        transform: scaleX(var(--part));
        transform-origin: left;
        transition: transform 240ms var(--ease);
        content: '';
      }

      .pill {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        max-width: 100%;
        padding: 0.31rem 0.31rem 0.31rem var(--space-3);
        border: 1px solid var(--line);
        border-radius: 99px;
        background: var(--glass);
        box-shadow: var(--shadow);
        backdrop-filter: blur(14px);
        font-variant-numeric: tabular-nums;
        pointer-events: auto;
        /* A load that takes no time shows no words. */
        animation: appear 180ms 260ms both;
      }

      .text {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .amount {
        color: var(--text-2);
      }

      .pill button {
        min-height: calc(var(--control) * 0.85);
        border-radius: 99px;
      }

      @keyframes appear {
        from {
          opacity: 0;
        }
      }

      @media (prefers-reduced-motion: reduce) {
        .bar::before {
          transition: none;
        }
      }
    `,
  ];

  @property() name = '';
  @property({ attribute: false }) progress: LoadProgress = { phase: 'reading', loadedBytes: 0, totalBytes: 0, done: 0, total: 0 };

  protected override render(): TemplateResult {
    const part = partOf(this.progress);
    return html`
      <div
        class="bar"
        role="progressbar"
        aria-label="Loading ${this.name}"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(part * 100)}
        aria-valuetext="${PHASES[this.progress.phase]} ${amountOf(this.progress)}"
        ${cssProps({ '--part': part.toFixed(4) })}
      ></div>
      <div class="pill">
        <span class="text">${PHASES[this.progress.phase]} <span class="amount">${amountOf(this.progress)}</span></span>
        <button class="quiet" @click=${() => this.dispatchEvent(new CustomEvent('usd-cancel', { bubbles: true, composed: true }))}>
          Cancel
        </button>
      </div>
    `;
  }
}

/** Share of the whole load, 0..1. */
export function partOf({ phase, loadedBytes, totalBytes, done, total }: LoadProgress): number {
  const [from, to] = SPANS[phase];
  const within = total > 0 ? done / total : totalBytes > 0 ? loadedBytes / totalBytes : 0;
  return from + (to - from) * Math.min(1, Math.max(0, within));
}

function amountOf({ phase, loadedBytes, totalBytes, done, total }: LoadProgress): string {
  if (phase === 'reading') {
    if (totalBytes > 0) return `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`;
    return loadedBytes > 0 ? formatBytes(loadedBytes) : '';
  }
  if (total > 0) return `${formatCount(done)} of ${formatCount(total)}`;
  return done > 0 ? formatCount(done) : '';
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-load-status': UsdLoadStatus;
  }
  interface HTMLElementEventMap {
    'usd-cancel': CustomEvent;
  }
}

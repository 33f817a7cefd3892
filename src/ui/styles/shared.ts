/** Rules every element uses: type, focus rings, buttons, fields, badges, scroll bars. */
import { css } from 'lit';

export const base = css`
  :host {
    box-sizing: border-box;
    font: 400 var(--size-3) / 1.45 var(--font);
    color: var(--text);
    -webkit-font-smoothing: antialiased;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .scroll {
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--line-strong) transparent;
  }

  svg.icon {
    display: block;
    flex: none;
    width: 1.38rem;
    height: 1.38rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;

export const controls = css`
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-1);
    min-height: var(--control);
    padding: 0 var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius-2);
    background: var(--raised);
    white-space: nowrap;
    cursor: pointer;
    transition:
      background var(--quick),
      border-color var(--quick),
      color var(--quick);
    touch-action: manipulation;
  }

  button:hover:not(:disabled) {
    background: var(--hover);
  }

  button:disabled {
    opacity: 0.45;
    cursor: default;
  }

  button.primary {
    border-color: transparent;
    background: var(--accent-fill);
    color: var(--on-accent);
    font-weight: 600;
  }

  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent-fill) 88%, black);
  }

  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--text-2);
  }

  button.quiet:hover:not(:disabled) {
    background: var(--hover);
    color: var(--text);
  }

  button.quiet[aria-pressed='true'],
  button.quiet[aria-expanded='true'] {
    color: var(--accent);
  }

  button.icon-only {
    width: var(--control);
    padding: 0;
  }

  button.link {
    display: inline;
    min-height: 0;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
    color: var(--accent);
    white-space: normal;
    text-align: start;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentcolor 35%, transparent);
    text-underline-offset: 0.2em;
    overflow-wrap: anywhere;
  }

  button.link:hover:not(:disabled) {
    background: none;
    text-decoration-color: currentcolor;
  }

  select,
  input[type='text'],
  input[type='search'],
  input[type='number'] {
    min-height: var(--control);
    min-width: 0;
    padding: 0 var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius-2);
    background: var(--field);
  }

  select {
    appearance: none;
    padding-inline-end: 1.7rem;
    background-image:
      linear-gradient(45deg, transparent 50%, var(--text-2) 50%), linear-gradient(-45deg, transparent 50%, var(--text-2) 50%);
    background-position:
      right 0.85rem top 52%,
      right 0.54rem top 52%;
    background-size: 0.33rem 0.33rem;
    background-repeat: no-repeat;
    text-overflow: ellipsis;
    cursor: pointer;
  }

  select option {
    background: var(--raised);
    color: var(--text);
  }

  select:hover:not(:disabled),
  input:hover:not(:disabled) {
    border-color: var(--line-strong);
  }

  input::placeholder {
    color: var(--text-3);
    opacity: 1;
  }

  input[type='range'] {
    appearance: none;
    width: 100%;
    height: var(--control);
    margin: 0;
    background: transparent;
    cursor: pointer;
  }

  input[type='range']::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(to right, var(--accent) var(--filled, 0%), var(--line-strong) var(--filled, 0%));
  }

  input[type='range']::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(to right, var(--accent) var(--filled, 0%), var(--line-strong) var(--filled, 0%));
  }

  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 1.08rem;
    height: 1.08rem;
    margin-top: calc(2px - 0.54rem);
    border: 0;
    border-radius: 50%;
    background: var(--text);
    box-shadow: 0 0 0 3px var(--panel);
  }

  input[type='range']::-moz-range-thumb {
    width: 1.08rem;
    height: 1.08rem;
    border: 0;
    border-radius: 50%;
    background: var(--text);
    box-shadow: 0 0 0 3px var(--panel);
  }

  input[type='checkbox'] {
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--accent-fill);
  }

  /* Smaller text makes iOS zoom into a focused field. */
  @media (pointer: coarse) {
    select,
    input {
      font-size: max(16px, 1em);
    }
  }

  kbd {
    display: inline-block;
    min-width: 1.7em;
    padding: 0 0.4em;
    border: 1px solid var(--line-strong);
    border-bottom-width: 2px;
    border-radius: var(--radius-1);
    font: 500 var(--size-1) / 1.6 var(--mono);
    text-align: center;
  }

  .badge {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-width: 1.5em;
    height: 1.5em;
    padding: 0 0.42em;
    border-radius: 0.75em;
    background: var(--line);
    color: var(--text);
    font-size: var(--size-1);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 1;
  }
`;

/** A panel that has nothing to show says so in its middle. */
export const emptyNote = css`
  .note {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: var(--space-2);
    height: 100%;
    min-height: 7rem;
    padding: var(--space-4);
    color: var(--text-3);
    text-align: center;
    text-wrap: balance;
  }
`;

/** The ground of what lies on the picture. */
export const glass = css`
  .glass {
    border: 1px solid var(--line);
    border-radius: var(--radius-3);
    background: var(--glass);
    box-shadow: var(--shadow);
    backdrop-filter: blur(14px);
  }
`;

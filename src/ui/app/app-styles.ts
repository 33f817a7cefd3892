import { css } from 'lit';

/** Layout of the page: bar, scene panel, viewport, inspector, status; on narrow screens a sheet under the viewport. */
export const appStyles = css`
  :host {
    position: fixed;
    inset: var(--shell-top, 0) 0 0;
    display: grid;
    grid-template: 'bar bar bar' auto 'left main right' minmax(0, 1fr) 'status status status' auto / auto minmax(0, 1fr) auto;
    overflow: hidden;
    background: var(--bar);
    padding: max(0px, env(safe-area-inset-top) - var(--shell-top, 0px)) env(safe-area-inset-right) env(safe-area-inset-bottom)
      env(safe-area-inset-left);
  }

  .bar {
    container: bar / inline-size;
    grid-area: bar;
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-width: 0;
    height: 3.7rem;
    padding-inline: var(--space-2);
    border-bottom: 1px solid var(--line);
  }

  .brand {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    flex: none;
    margin: 0;
    font-size: var(--size-4);
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  .logo {
    width: 1.9rem;
    height: 1.9rem;
    fill: none;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .logo .arch {
    stroke: var(--gold);
    stroke-width: 2.4;
  }

  .logo .curtain {
    fill: var(--curtain);
  }

  .document {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
    flex: 1;
    min-width: 0;
    padding-inline-start: var(--space-3);
    border-inline-start: 1px solid var(--line);
    white-space: nowrap;
  }

  .document strong {
    overflow: hidden;
    font-weight: 550;
    text-overflow: ellipsis;
  }

  .document span {
    flex: 0 100 auto;
    overflow: hidden;
    color: var(--text-3);
    font-size: var(--size-2);
    text-overflow: ellipsis;
  }

  .actions {
    display: flex;
    align-items: center;
    gap: 0.15rem;
    flex: none;
  }

  .actions .primary {
    margin-inline: 0 var(--space-1);
  }

  main {
    position: relative;
    grid-area: main;
    min-width: 0;
    min-height: 0;
  }

  /* In a window of its own: what is left here is not the picture of now. */
  usd-viewport.away {
    opacity: 0.15;
  }

  usd-viewport {
    position: absolute;
    inset: 0;
  }

  .panel {
    position: relative;
    display: flex;
    min-width: 0;
    min-height: 0;
    background: var(--panel);
  }

  .panel.left {
    grid-area: left;
    border-inline-end: 1px solid var(--line);
  }

  .panel.right {
    grid-area: right;
    border-inline-start: 1px solid var(--line);
  }

  .column {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }

  .column > :last-child {
    flex: 1;
    min-height: 0;
  }

  .tabs {
    display: flex;
    flex: none;
    padding: 0 var(--space-1);
    border-bottom: 1px solid var(--line);
  }

  .tabs button {
    position: relative;
    flex: 1 1 auto;
    min-width: 0;
    min-height: calc(var(--control) + 0.4rem);
    padding: 0 0.55rem;
    font-size: var(--size-2);
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--text-2);
  }

  .tabs button:hover {
    color: var(--text);
  }

  .tabs button[aria-selected='true'] {
    color: var(--text);
    font-weight: 600;
  }

  .tabs button[aria-selected='true']::after {
    position: absolute;
    inset: auto 0.4rem -1px;
    height: 2px;
    border-radius: 1px;
    background: var(--accent);
    content: '';
  }

  .tabs .icon {
    display: none;
  }

  .tabs .badge.error {
    background: var(--error);
    color: var(--panel);
  }

  .tabs .badge.warning {
    background: var(--warning);
    color: var(--panel);
  }

  .pane {
    display: flex;
    flex-direction: column;
  }

  .pane > * {
    flex: 1;
    min-height: 0;
  }

  .status {
    container: bar / inline-size;
    grid-area: status;
    min-width: 0;
    padding: 0.24rem var(--space-3);
    border-top: 1px solid var(--line);
    min-height: 1.9rem;
  }

  /* Over the picture: nothing here takes the pointer but the controls themselves. */
  .over {
    position: absolute;
    z-index: 1;
    display: flex;
    pointer-events: none;
  }

  .over > * {
    pointer-events: auto;
  }

  .over.top {
    inset: var(--space-2) var(--space-2) auto;
    align-items: flex-start;
    justify-content: space-between;
    gap: var(--space-2);
  }

  .over.bottom {
    container: bar / inline-size;
    inset: auto var(--space-2) var(--space-2);
    flex-direction: column;
    align-items: center;
    gap: var(--space-2);
  }

  .over.middle {
    inset: 0;
    place-items: center;
    display: grid;
    padding: var(--space-3);
    overflow: auto;
  }

  .tools {
    display: flex;
    gap: 0.1rem;
    padding: 0.2rem;
    margin-inline-start: auto;
  }

  .tools button {
    border-radius: 11px;
  }

  .cameras {
    max-width: min(16rem, 55%);
    min-width: 0;
  }

  .cameras select {
    display: block;
    width: 100%;
    border: 0;
    border-radius: var(--radius-3);
    background-color: transparent;
  }

  usd-timeline.glass {
    width: min(58rem, 100%);
    border-radius: 99px;
  }

  .message {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    max-width: min(52rem, 100%);
    padding: 0.31rem 0.31rem 0.31rem var(--space-3);
  }

  .message > .icon {
    flex: none;
    color: var(--accent);
  }

  .message[role='alert'] > .icon {
    color: var(--error);
  }

  .message span {
    overflow-wrap: anywhere;
  }

  .drop {
    position: absolute;
    z-index: 20;
    inset: 0;
    display: grid;
    place-items: center;
    background: color-mix(in srgb, var(--bar) 88%, transparent);
    pointer-events: none;
  }

  .drop::before {
    position: absolute;
    inset: var(--space-3);
    border: 2px dashed var(--accent);
    border-radius: var(--radius-3);
    content: '';
  }

  .drop p {
    margin: 0;
    padding: var(--space-3) var(--space-6);
    border-radius: 99px;
    background: var(--accent-fill);
    color: var(--on-accent);
    font-size: var(--size-4);
    font-weight: 600;
    box-shadow: var(--shadow);
  }

  :host(.narrow) {
    grid-template: 'bar' auto 'main' minmax(0, 1fr) 'sheet' auto 'status' auto 'tabs' auto / minmax(0, 1fr);
  }

  :host(.narrow) .sheet {
    grid-area: sheet;
  }

  .sheet .pane {
    flex: 1;
    min-height: 0;
  }

  :host(.narrow) .tabs {
    grid-area: tabs;
    border-top: 1px solid var(--line);
    border-bottom: 0;
    background: var(--bar);
  }

  :host(.narrow) .tabs button {
    flex: 1 1 0;
    flex-direction: column;
    padding-inline: 0;
    gap: 0.1rem;
    min-height: 4.2rem;
    font-size: var(--size-1);
  }

  :host(.narrow) .tabs button .icon {
    display: block;
    width: 1.7rem;
    height: 1.7rem;
  }

  :host(.narrow) .tabs button[aria-selected='true'] {
    color: var(--accent);
  }

  :host(.narrow) .tabs button[aria-selected='true']::after {
    inset: -1px 0.6rem auto;
  }

  :host(.narrow) .tabs .badge {
    position: absolute;
    top: 0.4rem;
    left: calc(50% + 0.4rem);
  }

  /* Phones on their side. */
  @media (max-height: 440px) {
    .bar {
      height: 3.2rem;
    }

    .status {
      display: none;
    }
  }

  @container bar (max-width: 50rem) {
    .document span,
    .brand b {
      display: none;
    }
  }

  @container bar (max-width: 32rem) {
    .document {
      padding-inline-start: 0;
      border: 0;
    }

    .actions .wide {
      display: none;
    }
  }
`;

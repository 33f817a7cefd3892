import { css } from 'lit';

/** Modal dialogs: a card in the middle, a sheet on narrow screens. */
export const dialogStyles = css`
  dialog {
    width: min(44rem, calc(100vw - 2 * var(--space-3)));
    max-height: min(80vh, 60rem);
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius-3);
    background: var(--panel);
    color: var(--text);
    box-shadow: var(--shadow);
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: var(--scrim);
  }

  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-3);
    flex: none;
    padding: var(--space-3) var(--space-3) var(--space-2) var(--space-4);
  }

  h1 {
    margin: 0;
    font-size: var(--size-4);
    font-weight: 600;
  }

  .body {
    flex: 1;
    min-height: 0;
    padding: 0 var(--space-4) var(--space-4);
  }

  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--space-2);
    flex: none;
    padding: var(--space-2) var(--space-4);
    border-top: 1px solid var(--line);
  }
`;

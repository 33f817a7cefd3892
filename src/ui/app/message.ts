/** A line over the picture that waits for nobody: what happened, and perhaps what can be done about it. */
import { html, type TemplateResult } from 'lit';
import { icon } from '../styles/icons.ts';

export interface Message {
  readonly text: string;
  readonly actions?: readonly { readonly label: string; run(): void }[];
}

export function renderMessage({ text, actions = [] }: Message, dismiss: () => void): TemplateResult {
  return html`<div class="glass message" role="status">
    ${icon('info')}<span>${text}</span>
    ${actions.map(
      ({ label, run }) =>
        html`<button
          class="quiet"
          @click=${() => {
            dismiss();
            run();
          }}
        >
          ${label}
        </button>`,
    )}
    <button class="quiet icon-only" aria-label="Dismiss" @click=${dismiss}>${icon('close')}</button>
  </div>`;
}

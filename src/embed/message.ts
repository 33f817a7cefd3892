/** What is shown in place of a model: what went wrong, and what to do about it. */
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import { make } from './make.ts';

export interface FailureActions {
  /** Address of the file, to be saved instead; undefined where there is none to save. */
  readonly file: string | undefined;
  /** Tries again; undefined where that is of no use. */
  readonly retry: (() => void) | undefined;
}

export function showMessage(panel: HTMLElement, title: string, error: ErrorInfo, { file, retry }: FailureActions): void {
  const actions = make('div', { class: 'actions' });
  if (retry !== undefined) {
    const button = make('button', { type: 'button', part: 'retry-button' }, 'Try again');
    button.addEventListener('click', retry);
    actions.append(button);
  }
  if (file !== undefined) actions.append(make('a', { class: 'link', part: 'file-link', href: file, download: '' }, 'Download the file'));
  panel.replaceChildren(make('p', {}, make('strong', {}, title)), make('p', {}, error.message), actions);
  panel.hidden = false;
}

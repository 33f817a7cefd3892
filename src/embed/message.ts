/** What is shown in place of a model: what went wrong, and what to do about it. */
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { UsdViewErrorDetail } from './events.ts';
import { make } from './make.ts';

export interface MessageOptions {
  readonly type: UsdViewErrorDetail['type'];
  readonly error: ErrorInfo;
  /** Address of the file, to be saved instead; undefined where there is none to save. */
  readonly file: string | undefined;
  /** Tries again; undefined where that is of no use. */
  readonly retry: (() => void) | undefined;
  /** There is a picture that shows what the model looks like: the message leaves it in sight. */
  readonly hasPoster: boolean;
}

export const TITLES: Readonly<Record<UsdViewErrorDetail['type'], string>> = {
  loadfailure: 'The model could not be loaded',
  unsupported: '3D cannot be shown here',
  devicelost: 'The graphics device was lost',
  attribute: 'An attribute cannot be read',
};

/** Words for the reader of a page, who did not choose the file and cannot give another. */
const WORDS: Readonly<Record<string, string>> = {
  'resolve-error': 'Its file could not be fetched. Its address may be wrong, or its server does not let this page read it.',
  'engine-failed': 'A part of the viewer broke down, or could not be started. Reload the page to try again.',
  'renderer-failed': 'A part of the viewer broke down, or could not be started. Reload the page to try again.',
};

export function showMessage(panel: HTMLElement, { type, error, file, retry, hasPoster }: MessageOptions): void {
  const actions = make('div', { class: 'actions' });
  if (retry !== undefined) {
    const button = make('button', { type: 'button', part: 'retry-button' }, 'Try again');
    button.addEventListener('click', retry);
    actions.append(button);
  }
  if (file !== undefined) actions.append(make('a', { class: 'link', part: 'file-link', href: file, download: '' }, 'Download the file'));
  panel.replaceChildren(make('p', {}, make('strong', {}, TITLES[type])), make('p', {}, wordsOf(error)), actions);
  panel.classList.toggle('strip', hasPoster);
  // What may have to be scrolled must be reached by keys; buttons are.
  if (actions.childElementCount === 0) panel.tabIndex = 0;
  else panel.removeAttribute('tabindex');
  panel.hidden = false;
}

export function wordsOf({ code, message }: ErrorInfo): string {
  return WORDS[code] ?? message;
}

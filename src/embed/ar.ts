/** Quick Look, the AR viewer of iOS: a link of relation `ar` with a picture in it opens it. */
import { make } from './make.ts';

export function canQuickLook(): boolean {
  return document.createElement('a').relList?.supports?.('ar') === true;
}

/** Must be called from a click. */
export function openQuickLook(address: string): void {
  const link = make('a', { rel: 'ar', href: address }, make('img', { alt: '' }));
  link.click();
}

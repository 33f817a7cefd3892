/** Addresses of this page that show what is seen now, and what such an address says. */
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { rootAddress } from '../../share/view-state/root-address.ts';
import { readViewState, writeViewState, type ViewState } from '../../share/view-state/view-state.ts';
import { addressOf } from './address.ts';
import type { OpenDocument } from './open-job.ts';

export interface QueryView {
  readonly view: ViewState;
  /** Parts that cannot be read, each left out. */
  readonly problems: readonly ErrorInfo[];
}

export function viewOfQuery(query: URLSearchParams): QueryView {
  const { state, errors } = readViewState(query);
  return { view: state, problems: errors.map(({ code, message }) => ({ code, severity: 'warning', message })) };
}

/** What a link opens: the file at its address, or the one that it names beside or inside that. */
export function fileOfLink(src: string, { root }: ViewState): string {
  const address = root === undefined ? undefined : addressOf(src);
  return address === undefined ? src : rootAddress(new URL(address), root);
}

/** Query that says a view alone. */
export function queryOfView(view: ViewState): string {
  const query = new URLSearchParams();
  writeViewState(view, query);
  return query.toString();
}

/**
 * The address. A file of the visitor's own has none: its name stands in the link instead, and who opens a file of that name sees
 * the same of it.
 */
export function linkTo(document: OpenDocument, view: ViewState, page: string): string {
  const link = new URL(page);
  const query = new URLSearchParams();
  if (document.kind === 'url') writeViewState({ ...view, src: shortened(document.url, page) }, query);
  else {
    query.set('file', document.name);
    const parts = new URLSearchParams();
    writeViewState(view, parts);
    for (const [name, value] of parts) query.set(name, value);
  }
  // Paths and units stay readable where an address allows their letters.
  link.search = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  link.hash = '';
  return link.href;
}

/** @returns what to tell the user */
export async function copyLink(document: OpenDocument, view: ViewState): Promise<string> {
  const link = linkTo(document, view, location.href);
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    return `The browser does not let the page copy. The link is ${link}`;
  }
  return document.kind === 'url' ? 'The link was copied' : `The link was copied. It works for who opens the same file, ${document.name}`;
}

/** Files beside the page keep their short address, so that the link also works where the page is hosted elsewhere. */
function shortened(url: string, page: string): string {
  const folder = new URL('.', page).href;
  return url.startsWith(folder) ? url.slice(folder.length) : url;
}

/** What a view is to open, and what it has open: enough to open it again, here or in another tab. */
import type { FileEntry } from '../../share/protocol/engine.ts';
import type { ViewState } from '../../share/view-state/view-state.ts';

export type OpenJob =
  /** The welcome card. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'url'; readonly url: string; readonly view?: ViewState }
  | {
      readonly kind: 'files';
      readonly files: readonly FileEntry[];
      /** Path of the root layer among the files; looked for when absent. */
      readonly root?: string;
      /** The file system handles that gave the files, where there are any. */
      readonly handles: readonly FileSystemHandle[];
      readonly view?: ViewState;
    }
  /** An entry of the recents. */
  | { readonly kind: 'recent'; readonly id: string; readonly name: string; readonly view?: ViewState };

/** What a view has open. */
export type OpenDocument =
  | { readonly kind: 'url'; readonly name: string; readonly url: string }
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: readonly FileEntry[];
      readonly root: string;
      /** The handles that gave the files; none where the browser has none. */
      readonly handles: readonly FileSystemHandle[];
    };

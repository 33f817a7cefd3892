/** The page's workers start before any element is defined; a further window of a page that runs has none. */
import { WINDOW_PARAMETER } from '../../share/protocol/windows.ts';
import { pageWorkers } from './workers.ts';

export const isFurtherWindow = new URLSearchParams(location.search).has(WINDOW_PARAMETER);
if (!isFurtherWindow) pageWorkers();

/** The page's entry: workers first, then the window around their views. */
import { workers } from './app/workers.ts';
import { UsdShell } from './app/usd-shell.ts';

document.body.append(new UsdShell(() => workers.openView(), location.search));

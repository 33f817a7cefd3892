/** The page's entry: workers first, then the app around them. */
import { workers } from './app/workers.ts';
import { UsdViewerApp } from './app/usd-viewer-app.ts';

document.body.append(new UsdViewerApp(workers.openView(), location.search));

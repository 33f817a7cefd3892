/** Entry of embed.html: one element that fills the frame, as the address asks for it, and the messages of the page around it. */
import { ATTRIBUTES } from '../embed/reflected-element.ts';
import { UsdView } from '../embed/usd-view.ts';
import { EmbedHost } from './embed-host.ts';
import { readParameters } from './embed-parameters.ts';
import { linkable, propertyOf, surfaceOf } from './embed-surface.ts';

const attributes = linkable(ATTRIBUTES);
const parameters = readParameters(location.search, attributes);
document.title = parameters.title;

const view = new UsdView();
for (const [name, value] of parameters.attributes) view.setAttribute(name, value);

// Before the element is shown, so that the page around hears of everything.
if (window.parent !== window) {
  new EmbedHost({
    element: view,
    surface: surfaceOf(attributes.map(propertyOf)),
    scope: window,
    parent: window.parent,
    ownOrigin: self.origin,
    allowedOrigins: parameters.allowedOrigins,
    readerOrigins: readersOf(document),
    ignored: parameters.unknown,
  });
}

const main = document.createElement('main');
main.append(Object.assign(document.createElement('h1'), { textContent: parameters.title }));
if (parameters.attributes.has('src')) main.append(view);
else main.append(Object.assign(document.createElement('p'), { textContent: 'This address names no model: add ?src=ADDRESS' }));
document.body.append(main);

/** Origins that the host lists in its copy of the page. */
function readersOf({ head }: Document): string[] {
  const content = head.querySelector<HTMLMetaElement>('meta[name="proscenium-readers"]')?.content ?? '';
  return content.split(/\s+/u).filter((origin) => origin !== '');
}

/** The embed builder: a form of the element's attributes, a live preview, and the markup to copy. */
import manifest from '../../packages/proscenium/custom-elements.json';
import '../embed/usd-view.ts';
import { controlOf, groupAttributes, type ManifestAttribute } from './builder-form.ts';
import { elementSnippet, embedAddress, frameSnippet, oEmbedSnippet, type EmbedChoice } from './builder-snippets.ts';

type SnippetKind = 'element' | 'frame' | 'oembed';

/** What the form starts with, besides the attributes' own defaults. */
const START: Readonly<Record<string, string>> = { src: 'samples/sample.usdz', alt: 'A toy theatre', 'camera-controls': '' };
/** Attributes for which this page has something better, or which no page should copy. */
const LEFT_OUT = new Set(['with-credentials']);
const REFRESH_MS = 300;

const ADVICE: Readonly<Record<SnippetKind, string>> = {
  element: 'For pages of your own. The script loads once, the viewer when a model comes near',
  frame:
    'For pages that take frames but no scripts. A sandboxed frame needs “Access-Control-Allow-Origin: *” on the files of this host and the model',
  oembed: 'For sites that show a link as what it leads to. Save the answer beside your page and put the line in its head',
};

const form = byId('options', HTMLFormElement);
const preview = byId('preview', HTMLElement);
const snippets = byId('snippets', HTMLElement);
const status = byId('status', HTMLElement);
const attributes = attributesOfElement();
let timer = 0;

form.append(...groupAttributes(attributes).map(({ title, attributes: members }, i) => groupOf(title, members.map(fieldOf), i === 0)));
form.append(groupOf('Size and frame', frameFields(), false));
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', schedule);
byId('kinds', HTMLElement).addEventListener('change', refresh);
byId('take', HTMLButtonElement).addEventListener('click', takeView);
refresh();

function attributesOfElement(): readonly ManifestAttribute[] {
  const declarations: readonly { readonly tagName?: string; readonly attributes?: readonly ManifestAttribute[] }[] =
    manifest.modules.flatMap((module) => module.declarations);
  const found = declarations.find(({ tagName }) => tagName === 'usd-view')?.attributes ?? [];
  return found.filter(({ name }) => !LEFT_OUT.has(name));
}

/** Typing is followed once it pauses: each new address starts a load. */
function schedule(): void {
  clearTimeout(timer);
  timer = window.setTimeout(refresh, REFRESH_MS);
}

function refresh(): void {
  const choice = readChoice();
  const kind = (document.querySelector<HTMLInputElement>('#kinds input:checked')?.value ?? 'element') as SnippetKind;
  byId('advice', HTMLElement).textContent = ADVICE[kind];
  status.textContent = '';
  snippets.replaceChildren(...textsOf(kind, choice).map(([label, text]) => snippetOf(label, text)));
  if (kind === 'element') showElement(choice);
  else showFrame(choice);
}

function textsOf(kind: SnippetKind, choice: EmbedChoice): (readonly [label: string, text: string])[] {
  switch (kind) {
    case 'element':
      return [['Markup of the element', elementSnippet(choice)]];
    case 'frame':
      return [['Markup of the frame', frameSnippet(choice)]];
    case 'oembed': {
      const { json, link } = oEmbedSnippet(choice);
      return [
        ['oEmbed answer', json],
        ['Line for the head', link],
      ];
    }
  }
}

/** The element stays and follows what changes, as it would in a page that sets its attributes. */
function showElement({ attributes: wanted, width, height }: EmbedChoice): void {
  const shown = preview.querySelector('usd-view');
  const view = shown ?? document.createElement('usd-view');
  for (const { name } of attributes) {
    const value = wanted.get(name);
    if (value === undefined) view.removeAttribute(name);
    else if (view.getAttribute(name) !== value) view.setAttribute(name, value);
  }
  keepShape(view, width, height);
  if (shown === null) preview.replaceChildren(view);
}

function showFrame(choice: EmbedChoice): void {
  const address = embedAddress(choice);
  const shown = preview.querySelector('iframe');
  const frame = shown ?? document.createElement('iframe');
  frame.title = `Preview: ${choice.attributes.get('alt') ?? 'model'}`;
  frame.allow = 'fullscreen';
  keepShape(frame, choice.width, choice.height);
  if (choice.sandboxed) frame.setAttribute('sandbox', 'allow-scripts');
  else frame.removeAttribute('sandbox');
  if (frame.src !== address) frame.src = address;
  if (shown === null) preview.replaceChildren(frame);
}

/** The markup stays in sight below the preview. */
function keepShape(shown: HTMLElement, width: number, height: number): void {
  shown.style.aspectRatio = `${width} / ${height}`;
  shown.style.maxWidth = `min(${width}px, ${(40 * width) / height}vh)`;
}

/** Fills in where the preview's camera has been moved to. */
function takeView(): void {
  const view = preview.querySelector('usd-view');
  if (view?.loaded !== true) {
    status.textContent = 'The view can be taken once the element shows its model';
    return;
  }
  const values = {
    'camera-orbit': String(view.getCameraOrbit()),
    'camera-target': String(view.getCameraTarget()),
    'field-of-view': `${Math.round(view.getFieldOfView() * 100) / 100}deg`,
  };
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
  refresh();
  status.textContent = 'The view was taken';
}

function readChoice(): EmbedChoice {
  const data = new FormData(form);
  const chosen = new Map<string, string>();
  for (const attribute of attributes) {
    const value = data.get(attribute.name);
    if (typeof value !== 'string') continue;
    if (controlOf(attribute).kind === 'switch') chosen.set(attribute.name, '');
    else if (value !== '') chosen.set(attribute.name, isAddress(attribute.name) ? absolute(value) : value);
  }
  return {
    attributes: chosen,
    width: sizeOf(data.get('frame:width'), 640),
    height: sizeOf(data.get('frame:height'), 480),
    sandboxed: data.get('frame:sandboxed') !== null,
    base: new URL('./', document.baseURI).href,
  };
}

/** Pages lie elsewhere than the builder: addresses are written whole. */
function isAddress(name: string): boolean {
  return name === 'src' || name === 'poster' || name.endsWith('-src') || name.endsWith('-image');
}

function absolute(address: string): string {
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address;
}

function sizeOf(value: FormDataEntryValue | null, fallback: number): number {
  const pixels = Math.round(Number(value));
  return Number.isFinite(pixels) && pixels > 0 ? pixels : fallback;
}

function groupOf(title: string, fields: readonly HTMLElement[], isOpen: boolean): HTMLElement {
  const group = document.createElement('details');
  group.open = isOpen;
  group.append(Object.assign(document.createElement('summary'), { textContent: title }), ...fields);
  return group;
}

function fieldOf(attribute: ManifestAttribute): HTMLElement {
  const control = controlOf(attribute);
  const start = START[attribute.name];
  if (control.kind === 'choice') {
    const select = document.createElement('select');
    const unset = attribute.default === undefined ? '' : ` (${attribute.default.replaceAll(/^['"]|['"]$/gu, '')})`;
    select.append(new Option(`Default${unset}`, ''), ...control.values.map((value) => new Option(value, value, false, value === start)));
    return fieldAround(attribute.name, select, attribute.description);
  }
  const input = document.createElement('input');
  if (control.kind === 'switch') {
    input.type = 'checkbox';
    input.checked = start !== undefined;
  } else {
    input.type = control.kind;
    if (control.kind === 'number') input.step = 'any';
    input.value = start ?? '';
    input.placeholder = attribute.default?.replaceAll(/^['"]|['"]$/gu, '') ?? '';
    input.spellcheck = attribute.name === 'alt';
  }
  return fieldAround(attribute.name, input, attribute.description);
}

function frameFields(): HTMLElement[] {
  const number = (value: string): HTMLInputElement => Object.assign(document.createElement('input'), { type: 'number', min: '1', value });
  const sandboxed = Object.assign(document.createElement('input'), { type: 'checkbox' });
  return [
    fieldAround('frame:width', number('640'), 'CSS pixels', 'Width'),
    fieldAround('frame:height', number('480'), 'CSS pixels', 'Height'),
    fieldAround('frame:sandboxed', sandboxed, 'Only scripts, no storage, no origin', 'Sandbox the frame'),
  ];
}

function fieldAround(name: string, control: HTMLInputElement | HTMLSelectElement, description = '', label = name): HTMLElement {
  const field = document.createElement('div');
  const help = document.createElement('p');
  control.name = name;
  control.id = `field-${name.replace(':', '-')}`;
  help.id = `${control.id}-help`;
  help.className = 'help';
  help.textContent = description.replaceAll('`', '');
  control.setAttribute('aria-describedby', help.id);
  const caption = Object.assign(document.createElement('label'), { htmlFor: control.id, textContent: label });
  const isSwitch = control instanceof HTMLInputElement && control.type === 'checkbox';
  field.className = isSwitch ? 'field switch' : 'field';
  field.append(...(isSwitch ? [control, caption] : [caption, control]), help);
  return field;
}

function snippetOf(label: string, text: string): HTMLElement {
  const field = document.createElement('div');
  const area = Object.assign(document.createElement('textarea'), { readOnly: true, value: text, spellcheck: false });
  const copy = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Copy' });
  area.setAttribute('aria-label', label);
  copy.setAttribute('aria-label', `Copy: ${label}`);
  copy.addEventListener('click', () => void copyText(area));
  field.className = 'field';
  field.append(area, copy);
  return field;
}

/** Where the clipboard is refused, the text is at least selected for the reader's own keys. */
async function copyText(area: HTMLTextAreaElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(area.value);
    status.textContent = 'Copied';
  } catch {
    area.focus();
    area.select();
    status.textContent = 'The clipboard is not available; the text is selected';
  }
}

function byId<Kind extends HTMLElement>(id: string, kind: { new (): Kind; readonly name: string }): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`builder.html has no ${kind.name} with the id "${id}"`);
  return found;
}

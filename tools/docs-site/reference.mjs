/** The reference of `<usd-view>` as Markdown, from its manifest, `packages/proscenium/custom-elements.json`. */
import { readFileSync } from 'node:fs';

const MANIFEST = new URL('../../packages/proscenium/custom-elements.json', import.meta.url);
const READINGS = new URL('../../src/embed/runtime/readings.ts', import.meta.url);

/** @returns {{ kind: string, content: string }[]} */
export function referencePages(manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'))) {
  const element = manifest.modules.flatMap(({ declarations }) => declarations ?? []).find(({ customElement }) => customElement);
  if (element === undefined) throw new Error('custom-elements.json describes no element');
  const fields = element.members.filter(({ kind }) => kind === 'field');
  const methods = element.members.filter(({ kind }) => kind === 'method');
  return [
    { kind: 'attributes', content: attributes(element) },
    { kind: 'properties', content: properties(fields) },
    { kind: 'methods', content: methodList(methods) },
    { kind: 'events', content: events(element) },
    { kind: 'styling', content: styling(element) },
  ];
}

function attributes({ attributes: list }) {
  const parts = list.map(
    ({ name, type, default: fallback, description, fieldName }) =>
      `## \`${name}\` {#${name}}\n\n${text(description)}\n\n` +
      facts([
        ['Type', code(type?.text)],
        ['Default', code(fallback)],
        ['Property', `[${code(fieldName)}](./properties.md#${idOf(fieldName)})`],
      ]),
  );
  return `# Attributes\n\nSwitches (type \`boolean\`) are on when they are there, whatever their value. All can change at any time. Units and words are model-viewer's where the meaning is the same.\n\n${parts.join('\n')}`;
}

function properties(fields) {
  const reflected = fields.filter(({ attribute }) => attribute !== undefined);
  const own = fields.filter(({ attribute }) => attribute === undefined);
  const rows = reflected.map(
    ({ name, type, attribute }) =>
      `| <a id="${idOf(name)}"></a>${code(name)} | ${cell(code(type?.text))} | [${code(attribute)}](./attributes.md#${attribute}) |`,
  );
  const parts = own.map(
    ({ name, type, readonly, description }) =>
      `## \`${name}\` {#${idOf(name)}}\n\n${text(description)}\n\n` +
      facts([
        ['Type', code(type?.text)],
        ['', readonly ? 'read only' : undefined],
      ]),
  );
  return `# Properties\n\n${parts.join('\n')}\n## Of attributes\n\nThese say what their attribute says, and set it.\n\n| property | type | attribute |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function methodList(methods) {
  const parts = methods.map(({ name, parameters = [], return: returned, description }) => {
    const list = parameters.map(({ name: parameter, type, optional, default: fallback }) => {
      const mark = optional && fallback === undefined ? '?' : '';
      // What may be left out need not be called undefined too.
      const words = (type?.text ?? 'unknown').replace(/^undefined \| /, '');
      return `${parameter}${mark}: ${words}${fallback === undefined ? '' : ` = ${fallback}`}`;
    });
    const signature = `${name}(${list.join(', ')}): ${returned?.type?.text ?? 'void'}`;
    return `## \`${name}()\` {#${idOf(name)}}\n\n\`\`\`ts\n${signature}\n\`\`\`\n\n${text(description)}\n`;
  });
  const types = readFileSync(READINGS, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('import '))
    .join('\n')
    .trim();
  return `# Methods\n\nThose that need a model wait for a load that has begun, or fail with the code \`not-loaded\` where there is none; \`whenLoaded()\` waits for one.\n\n${parts.join('\n')}\n## Types\n\n\`\`\`ts\n${types}\n\`\`\`\n`;
}

function events({ events: list }) {
  const parts = list.map(
    ({ name, type, description }) => `## \`${name}\` {#${name}}\n\n${text(description)}\n\n` + facts([['Type', code(type?.text)]]),
  );
  return `# Events\n\nThey are fired on the element and do not bubble, unless it says otherwise.\n\n${parts.join('\n')}`;
}

function styling({ slots, cssParts, cssProperties, cssStates }) {
  const rows = (list, left) => list.map((entry) => `| ${left(entry)} | ${cell(text(entry.description))} |`).join('\n');
  return [
    '# Slots and styling',
    `## Slots\n\n| slot | what it is for |\n|---|---|\n${rows(slots, ({ name }) => (name === '' ? '(none)' : code(name)))}`,
    `## Parts\n\nFor \`usd-view::part(…)\`.\n\n| part | what it is |\n|---|---|\n${rows(cssParts, ({ name }) => code(name))}`,
    `## CSS properties\n\n| property | default | what it sets |\n|---|---|---|\n${cssProperties
      .map(({ name, default: fallback, description }) => `| ${code(name)} | ${cell(code(fallback))} | ${cell(text(description))} |`)
      .join('\n')}`,
    `## States\n\nFor \`usd-view:state(…)\`.\n\n| state | while |\n|---|---|\n${rows(cssStates, ({ name }) => code(name))}`,
  ].join('\n\n');
}

/** Lines of a fact each, without those that say nothing. */
function facts(entries) {
  const lines = entries
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `- ${name === '' ? '' : `${name}: `}${value}`);
  return `${lines.join('\n')}\n`;
}

function code(value) {
  return value === undefined || value === '' ? '' : `\`${value}\``;
}

function text(description = '') {
  return description.charAt(0).toUpperCase() + description.slice(1);
}

/** Bars end cells, also within code. */
function cell(value) {
  return value.replaceAll('|', '\\|');
}

/** Ids in addresses are compared with their case, which links typed by hand miss. */
function idOf(name) {
  return name.replace(/[A-Z]+/g, (letters) => `-${letters.toLowerCase()}`);
}

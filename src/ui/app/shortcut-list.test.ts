import { expect, test } from 'vitest';
import { GESTURES, keyNames } from '../elements/key-names.ts';
import { shortcutList, type PageActions } from './shortcut-list.ts';

const called: string[] = [];
const page = new Proxy({} as PageActions, { get: (_, name) => () => void called.push(String(name)) });
const shortcuts = shortcutList(page);

/** What browsers take for themselves, or what pages may not take from their users: typing, tabs, windows, zoom, find, reload, print. */
const RESERVED = Array.from('cvxazytnwqlrfgpsdhjouebm+=-0123456789').flatMap((key) => [`mod+${key}`, `mod+shift+${key}`]);
const RESERVED_ALONE = ['f3', 'f5', 'f6', 'f7', 'f11', 'f12', 'tab', 'enter', 'backspace', 'contextmenu', "'"];

test('no key means two things, and none is the browser\u2019s', () => {
  const keys = shortcuts.flatMap((shortcut) => shortcut.keys);
  expect(keys.length).toBeGreaterThan(25);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => [...RESERVED, ...RESERVED_ALONE].includes(key))).toEqual([]);
  expect(keys).toEqual(keys.map((key) => key.toLowerCase()));
});

test('every line does one thing, under a name of its own', () => {
  called.length = 0;
  for (const { run } of shortcuts) run();
  expect(called).toHaveLength(shortcuts.length);
  expect(new Set(shortcuts.map(({ label }) => label)).size).toBe(shortcuts.length);
});

test('usdview\u2019s keys mean what they mean there', () => {
  const actionOf = (key: string): string => {
    called.length = 0;
    shortcuts.find(({ keys }) => keys.includes(key))?.run();
    return called.join();
  };
  expect(['f', 'r', 'j', ' ', 'arrowleft', 'arrowright', '/'].map(actionOf)).toEqual([
    'frameSelection',
    'resetView',
    'toggleFraming',
    'togglePlay',
    'step',
    'step',
    'search',
  ]);
});

test('keys are named as they stand on keyboards', () => {
  expect(keyNames('mod+k', false)).toEqual(['Ctrl', 'K']);
  expect(keyNames('mod+k', true)).toEqual(['⌘', 'K']);
  expect(keyNames('shift+o', false)).toEqual(['Shift', 'O']);
  expect([' ', '+', '>', 'arrowleft'].map((key) => keyNames(key, false).join())).toEqual(['Space', '+', '>', '←']);
});

test('docs/keyboard.md says what the table says (`vitest -u` writes it)', async () => {
  const groups = [...new Set(shortcuts.map(({ group }) => group))];
  const keysOf = (keys: readonly string[]): string =>
    keys
      .map((key) =>
        keyNames(key, false)
          .map((name) => `\`${name}\``)
          .join(' + '),
      )
      .join(' or ');
  const table = (rows: readonly (readonly [string, string])[]): string =>
    ['| Keys | What they do |', '|---|---|', ...rows.map(([keys, label]) => `| ${keys} | ${label} |`)].join('\n');
  const sections = groups.map((group) => {
    const rows = shortcuts.filter((shortcut) => shortcut.group === group).map(({ keys, label }) => [keysOf(keys), label] as const);
    return `## ${group}\n\n${table(rows)}\n`;
  });
  const text = `# Keys and gestures

Keys work while no text is typed and no dialog is open. Those that usdview has too mean the same here. On a Mac, \`⌘\` stands for \`Ctrl\`.
Every command, with or without a key, is found by its name in the command palette (\`Ctrl\` + \`K\`).

${sections.join('\n')}
## In the viewport

${table(GESTURES)}

## Other than in usdview

\`Ctrl\` + \`F\`, \`Ctrl\` + \`R\`, \`Ctrl\` + \`P\`, \`Ctrl\` + \`+\` and their like are the browser's. Searching is \`/\`, complexity is changed by
\`<\` and \`>\`. The arrow keys turn the camera while the viewport has the focus, and step through time elsewhere.
`;
  await expect(text).toMatchFileSnapshot('../../../docs/keyboard.md');
});

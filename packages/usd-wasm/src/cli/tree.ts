import type { Prim, Value } from '../node.ts';
import { defineCommand, onlyFile } from './command.ts';
import { openFile } from './open-file.ts';

export const tree = defineCommand({
  name: 'tree',
  summary: 'draw the prims',
  usage: `usd tree FILE

Draws the composed prims.
`,
  options: {},
  async run(_values, names, output) {
    await output.print(await treeText(onlyFile('tree', names)));
    return 0;
  },
});

/** The composed prims of a file as a drawn tree: specifier, type, authored `active` and `kind`. Prototypes are not shown. */
export async function treeText(file: string): Promise<string> {
  const stage = await openFile(file);
  const lines = ['/'];
  addChildren(stage.pseudoRoot, ' ', lines);
  return `${lines.join('\n')}\n`;
}

function addChildren(prim: Prim, indent: string, lines: string[]): void {
  const children = prim.allChildren;
  children.forEach((child, i) => {
    const isLast = i === children.length - 1;
    lines.push(`${indent}${isLast ? '`' : '|'}--${label(child)}`);
    addChildren(child, `${indent}${isLast ? ' ' : '|'}   `, lines);
  });
}

function label(prim: Prim): string {
  const type = prim.typeName === '' ? '' : ` ${prim.typeName}`;
  const facts = ['active', 'kind'].flatMap((name) => {
    const value = prim.getMetadata(name);
    return value === undefined ? [] : [`${name} = ${textOf(value)}`];
  });
  const instance = prim.prototype === undefined ? '' : ` -> ${prim.prototype.path}`;
  return `${prim.name} [${prim.specifier}${type}]${facts.length === 0 ? '' : ` (${facts.join(', ')})`}${instance}`;
}

function textOf({ value }: Value): string {
  return typeof value === 'boolean' || typeof value === 'string' ? String(value) : '…';
}

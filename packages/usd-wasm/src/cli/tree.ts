import {
  appendChild,
  flattenLayerStack,
  PopulationMask,
  ROOT_PATH,
  valueAs,
  type Layer,
  type Path,
  type Prim,
  type StageOptions,
} from '../node.ts';
import { defineCommand, onlyFile, UsageError } from './command.ts';
import { openFile, readFile } from './open-file.ts';
import { parseMask } from './parse-mask.ts';

export const tree = defineCommand({
  name: 'tree',
  summary: 'draw the prims',
  usage: `usd tree FILE [options]

Draws the tree of prims of a file: those of its own layer, or with --flatten those of the composed scene.
'kind' and 'active' are shown where they are authored.

      --unloaded             do not load payloads
  -a, --attributes           show authored properties
  -m, --metadata             show authored metadata
  -s, --simple               show names only
  -f, --flatten              compose the scene
      --flattenLayerStack    merge the sublayers, but follow no references or other arcs
      --mask PATH[,PATH...]  only these prims, what is below them, and their ancestors; needs --flatten
`,
  options: {
    unloaded: { type: 'boolean' },
    attributes: { type: 'boolean', short: 'a' },
    metadata: { type: 'boolean', short: 'm' },
    simple: { type: 'boolean', short: 's' },
    flatten: { type: 'boolean', short: 'f' },
    flattenLayerStack: { type: 'boolean' },
    mask: { type: 'string' },
  },
  async run(values, names, output) {
    await output.print(await treeText(onlyFile('tree', names), values));
    return 0;
  },
});

/** The options of `usd tree`, as they are on the command line. */
export interface TreeOptions {
  readonly unloaded?: boolean | undefined;
  readonly attributes?: boolean | undefined;
  readonly metadata?: boolean | undefined;
  readonly simple?: boolean | undefined;
  readonly flatten?: boolean | undefined;
  readonly flattenLayerStack?: boolean | undefined;
  readonly mask?: string | undefined;
}

/**
 * The tree of prims of a file as OpenUSD's usdtree draws it. Prototypes and what is below instances are not shown, nor
 * what is in variants that are not composed. Source: OpenUSD usd/bin/usdtree.
 */
export async function treeText(file: string, options: TreeOptions = {}): Promise<string> {
  const lines = ['/'];
  addChildren(await rootOf(file, options), '', options, lines);
  return `${lines.join('\n')}\n`;
}

/** What is drawn of a prim, on a stage or in a layer. */
interface Node {
  readonly name: string;
  readonly specifier: string;
  readonly typeName: string;
  readonly kind: string;
  /** Undefined: not authored. */
  readonly active: boolean | undefined;
  readonly metadata: () => readonly string[];
  readonly properties: () => readonly string[];
  readonly children: () => readonly Node[];
}

async function rootOf(file: string, { unloaded, flatten, flattenLayerStack: isLayerStack, mask }: TreeOptions): Promise<Node> {
  if (mask !== undefined && flatten !== true) throw new UsageError('--mask requires --flatten');
  if (flatten === true) {
    const paths = parseMask(mask ?? '');
    const options: Partial<StageOptions> = {
      load: unloaded === true ? 'none' : 'all',
      ...(paths.length === 0 ? {} : { mask: new PopulationMask(paths) }),
    };
    return nodeOfPrim((await openFile(file, options)).pseudoRoot);
  }
  const layer = isLayerStack === true ? flattenLayerStack(await openFile(file, { load: 'none' })) : await readFile(file);
  return nodeOfSpec(layer, ROOT_PATH, '');
}

function addChildren(node: Node, indent: string, options: TreeOptions, lines: string[]): void {
  const children = node.children();
  children.forEach((child, i) => {
    const isLast = i === children.length - 1;
    lines.push(`${indent} ${isLast ? '`' : '|'}--${options.simple === true ? child.name : label(child)}`);
    const below = `${indent} ${isLast ? ' ' : '|'}   ${child.children().length > 0 ? '|' : ' '}`;
    const items = [
      ...(options.metadata === true ? child.metadata().map((name) => `(${name})`) : []),
      ...(options.attributes === true ? child.properties().map((name) => `.${name}`) : []),
    ];
    items.forEach((item, k) => lines.push(`${below} ${k === items.length - 1 ? '`' : ':'}--${item}`));
    addChildren(child, `${indent} ${isLast ? ' ' : '|'}  `, options, lines);
  });
}

function label({ name, specifier, typeName, kind, active }: Node): string {
  const facts = [...(active === undefined ? [] : [`active = ${active}`]), ...(kind === '' ? [] : [`kind = ${kind}`])];
  return `${name} [${specifier}${typeName === '' ? '' : ` ${typeName}`}]${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

function nodeOfPrim(prim: Prim): Node {
  return {
    name: prim.name,
    specifier: prim.specifier,
    typeName: prim.typeName,
    kind: valueAs(prim.getMetadata('kind'), 'token') ?? '',
    active: prim.isActive ? (valueAs(prim.getMetadata('active'), 'bool') === undefined ? undefined : true) : false,
    metadata: () => {
      const names = new Set(prim.index.primStack.flatMap(({ layer, path }) => layer.data.fieldNames(path)));
      return [...names].filter((name) => !IN_LABEL.has(name) && !COMPOSITION_FIELDS.has(name)).sort();
    },
    properties: () =>
      prim.getPropertyNames().filter((name) => (prim.getAttribute(name) ?? prim.getRelationship(name))?.isAuthored === true),
    children: () => prim.allChildren.map(nodeOfPrim),
  };
}

function nodeOfSpec(layer: Layer, path: Path, name: string): Node {
  return {
    name,
    specifier: layer.fieldAs(path, 'specifier', 'specifier') ?? 'over',
    typeName: layer.fieldAs(path, 'typeName', 'token') ?? '',
    kind: layer.fieldAs(path, 'kind', 'token') ?? '',
    active: layer.fieldAs(path, 'active', 'bool'),
    metadata: () =>
      layer.data
        .fieldNames(path)
        .filter((field) => !IN_LABEL.has(field) && !CHILDREN.has(field))
        .sort(),
    properties: () => layer.childNames(path, 'properties'),
    children: () => layer.childNames(path, 'primChildren').map((child) => nodeOfSpec(layer, appendChild(path, child), child)),
  };
}

const IN_LABEL: ReadonlySet<string> = new Set(['typeName', 'specifier', 'kind', 'active']);

const CHILDREN: ReadonlySet<string> = new Set(['primChildren', 'properties', 'variantSetChildren', 'variantChildren']);

/** Fields that composition uses up: a stage does not list them. Source: OpenUSD usd/stage.cpp, _IsPrivateFieldKey. */
const COMPOSITION_FIELDS: ReadonlySet<string> = new Set([
  ...CHILDREN,
  'inheritPaths',
  'payload',
  'primOrder',
  'propertyOrder',
  'references',
  'relocates',
  'specializes',
  'variantSelection',
  'variantSetNames',
  'clips',
  'clipSets',
  'clipAssetPaths',
  'clipPrimPath',
  'clipActive',
  'clipTimes',
  'clipManifestAssetPath',
  'clipTemplateAssetPath',
  'clipTemplateStartTime',
  'clipTemplateEndTime',
  'clipTemplateStride',
  'clipTemplateActiveOffset',
]);

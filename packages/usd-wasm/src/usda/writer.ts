/**
 * Writes layers as text, laid out as OpenUSD does, numbers at their shortest (usda.md section 9).
 * Source: OpenUSD sdf/fileIO_Common.cpp. What text cannot hold (values of types without a text form) is left out.
 */
import { compareDictionaryOrder } from '../tf/dictionary-order.ts';
import type { LayerData } from '../sdf/layer-data.ts';
import { isIdentityOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import type { ListOp } from '../sdf/list-op.ts';
import { appendChild, appendProperty, appendVariant, ROOT_PATH, stripVariants, type Path } from '../sdf/path.ts';
import { STANDARD_FIELDS, type FieldRegistry } from '../sdf/schema.ts';
import { makeValue, valueAs, type ReferenceItem, type TimeSamples, type Value } from '../vt/value.ts';
import { arrayEditText } from './array-edit-text.ts';
import { doubleText } from './number-text.ts';
import { hasTangentAlgorithm, splineText } from './spline-text.ts';
import { assetPathText, quote, valueText, writeDictionary } from './value-text.ts';

/** How text is written. */
export interface UsdaWriteOptions {
  /** Fields that metadata may have, for schemas of one's own. */
  readonly fields?: FieldRegistry;
}

/** Text of a layer. */
export function writeUsda(data: LayerData, options: UsdaWriteOptions = {}): string {
  return new LayerWriter(data, options.fields ?? STANDARD_FIELDS).write();
}

const EDITS = [
  ['deletedItems', 'delete '],
  ['addedItems', 'add '],
  ['prependedItems', 'prepend '],
  ['appendedItems', 'append '],
  ['orderedItems', 'reorder '],
] as const;

class LayerWriter {
  readonly #data: LayerData;
  readonly #registry: FieldRegistry;
  readonly #lines: string[] = [];
  /** Lowest minor version of the format that has every feature written so far. */
  #minorVersion = 0;
  /** What is still to be written, last first. Prims may nest deeper than the call stack would bear. */
  readonly #pending: (() => void)[] = [];

  constructor(data: LayerData, registry: FieldRegistry) {
    this.#data = data;
    this.#registry = registry;
  }

  write(): string {
    const metadata: string[] = [];
    this.#writeMetadata(ROOT_PATH, '    ', (line) => metadata.push(line));
    if (metadata.length > 0) this.#lines.push('(', ...metadata, ')');
    this.#lines.push('');
    const order = this.#names(ROOT_PATH, 'primOrder');
    if (order.length > 1) this.#lines.push(`reorder rootPrims = ${nameList(order)}`, '');
    for (const name of this.#names(ROOT_PATH, 'primChildren')) {
      this.#writePrim(appendChild(ROOT_PATH, name), name, '');
      for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) next();
      this.#lines.push('');
    }
    return `#usda 1.${this.#minorVersion}\n${this.#lines.join('\n')}\n`;
  }

  #writePrim(path: Path, name: string, indent: string): void {
    const specifier = valueAs(this.#data.field(path, 'specifier'), 'specifier') ?? 'over';
    const typeName = valueAs(this.#data.field(path, 'typeName'), 'token') ?? '';
    this.#writeHead(path, `${indent}${specifier} ${typeName === '' ? '' : `${typeName} `}${quote(name)}`, indent);
    this.#lines.push(`${indent}{`);
    this.#pending.push(() => this.#lines.push(`${indent}}`));
    this.#writeBody(path, `${indent}    `);
  }

  /** A line with the metadata block of a spec behind it, if it has any. */
  #writeHead(path: Path, head: string, indent: string, tail = ''): void {
    const metadata: string[] = [];
    this.#writeMetadata(path, `${indent}    `, (line) => metadata.push(line));
    if (metadata.length === 0) this.#lines.push(head + tail);
    else {
      this.#lines.push(`${head} (`);
      for (const line of metadata) this.#lines.push(line);
      this.#lines.push(`${indent})${tail}`);
    }
  }

  /** What stands between the braces of a prim or variant: properties at once, children and variants when it is their turn. */
  #writeBody(path: Path, indent: string): void {
    const propertyOrder = this.#names(path, 'propertyOrder');
    const primOrder = this.#names(path, 'primOrder');
    if (propertyOrder.length > 1) this.#lines.push(`${indent}reorder properties = ${nameList(propertyOrder)}`);
    if (primOrder.length > 1) this.#lines.push(`${indent}reorder nameChildren = ${nameList(primOrder)}`);
    const start = this.#lines.length;
    for (const name of [...this.#names(path, 'properties')].sort(compareDictionaryOrder))
      this.#writeProperty(appendProperty(path, name), name, indent);
    const sets = this.#names(path, 'variantSetChildren');
    for (let i = sets.length - 1; i >= 0; i--) this.#pending.push(() => this.#writeVariantSet(path, sets[i] as string, indent));
    const children = this.#names(path, 'primChildren');
    for (let i = children.length - 1; i >= 0; i--) {
      const name = children[i] as string;
      this.#pending.push(() => {
        if (this.#lines.length > start) this.#lines.push('');
        this.#writePrim(appendChild(path, name), name, indent);
      });
    }
  }

  #writeVariantSet(path: Path, set: string, indent: string): void {
    const variants = [...this.#names(appendVariant(path, set, ''), 'variantChildren')].sort();
    // A set that is named in metadata and has no variants yet needs no statement.
    if (variants.length === 0) return;
    this.#lines.push(`${indent}variantSet ${quote(set)} = {`);
    this.#pending.push(() => this.#lines.push(`${indent}}`));
    for (const variant of variants.reverse()) {
      const variantPath = appendVariant(path, set, variant);
      this.#pending.push(() => {
        this.#writeHead(variantPath, `${indent}    ${quote(variant)}`, `${indent}    `, ' {');
        this.#pending.push(() => this.#lines.push('', `${indent}    }`));
        this.#writeBody(variantPath, `${indent}        `);
      });
    }
  }

  #writeProperty(path: Path, name: string, indent: string): void {
    if (this.#data.specType(path) === 'relationship') this.#writeRelationship(path, name, indent);
    else this.#writeAttribute(path, name, indent);
  }

  #writeAttribute(path: Path, name: string, indent: string): void {
    const data = this.#data;
    const custom = valueAs(data.field(path, 'custom'), 'bool') === true ? 'custom ' : '';
    const variability = (valueAs(data.field(path, 'variability'), 'variability') ?? 'varying') === 'varying' ? '' : 'uniform ';
    const declaration = `${variability}${valueAs(data.field(path, 'typeName'), 'token') ?? ''} ${name}`;
    const fallback = data.field(path, 'default');
    const samples = valueAs(data.field(path, 'timeSamples'), 'timeSamples');
    const spline = valueAs(data.field(path, 'spline'), 'spline');
    const list = valueAs(data.field(path, 'connectionPaths'), 'pathListOp');
    const connections = list !== undefined && (list.isExplicit || hasListEdits(list)) ? list : undefined;
    const hasOthers = samples !== undefined || spline !== undefined || connections !== undefined;
    if (!hasOthers || fallback !== undefined || custom !== '' || this.#hasMetadata(path)) {
      const text = fallback === undefined ? undefined : this.#attributeValue(fallback);
      this.#writeHead(path, `${indent}${custom}${declaration}${text === undefined ? '' : ` = ${text}`}`, indent);
    }
    if (samples !== undefined) this.#writeSamples(`${indent}${declaration}`, samples, indent);
    if (spline !== undefined) {
      if (hasTangentAlgorithm(spline)) this.#needsMinor(1);
      this.#lines.push(`${indent}${declaration}.spline = ${splineText(spline, indent)}`);
    }
    if (connections !== undefined)
      this.#writePathListOp(
        connections,
        (edit) => `${indent}${edit}${declaration}.connect = `,
        ',',
        indent,
        (line) => this.#lines.push(line),
      );
  }

  #writeRelationship(path: Path, name: string, indent: string): void {
    const data = this.#data;
    const custom = valueAs(data.field(path, 'custom'), 'bool') === true ? 'custom ' : '';
    const declaration = `${valueAs(data.field(path, 'variability'), 'variability') === 'varying' ? 'varying ' : ''}rel ${name}`;
    const targets = valueAs(data.field(path, 'targetPaths'), 'pathListOp');
    const fallback = data.field(path, 'default');
    const samples = valueAs(data.field(path, 'timeSamples'), 'timeSamples');
    const hasEdits = targets !== undefined && hasListEdits(targets);
    if (!hasEdits || custom !== '' || this.#hasMetadata(path)) {
      let head = `${indent}${custom}${declaration}`;
      if (targets?.isExplicit === true) {
        const lines: string[] = [];
        this.#writePathListOp(
          targets,
          () => `${head} = `,
          ',',
          indent,
          (line) => lines.push(line),
        );
        head = lines.pop() as string;
        this.#lines.push(...lines);
      }
      this.#writeHead(path, head, indent);
    }
    if (samples !== undefined) this.#writeSamples(`${indent}${declaration}`, samples, indent);
    if (hasEdits)
      this.#writePathListOp(
        targets,
        (edit) => `${indent}${edit}${declaration} = `,
        ',',
        indent,
        (line) => this.#lines.push(line),
      );
    // OpenUSD indents the end of the line, too
    if (fallback !== undefined) this.#lines.push(`${indent}${declaration}.default = ${valueText(fallback) ?? 'None'}${indent}`);
  }

  #attributeValue(value: Value): string | undefined {
    if (value.type !== 'arrayEdit') return valueText(value);
    this.#needsMinor(2);
    return arrayEditText(value.value);
  }

  #writeSamples(declaration: string, samples: TimeSamples, indent: string): void {
    this.#lines.push(`${declaration}.timeSamples = {`);
    samples.times.forEach((time, i) => {
      const text = this.#attributeValue(samples.value(i));
      if (text !== undefined) this.#lines.push(`${indent}    ${doubleText(time)}: ${text},`);
    });
    this.#lines.push(`${indent}}`);
  }

  #needsMinor(version: number): void {
    this.#minorVersion = Math.max(this.#minorVersion, version);
  }

  #hasMetadata(path: Path): boolean {
    return this.#data.fieldNames(path).some((name) => !this.#registry.isSyntaxField(name));
  }

  /** Metadata lines of a spec: the comment, then fields by name, a layer's relocates last. */
  #writeMetadata(path: Path, indent: string, line: (text: string) => void): void {
    const comment = valueAs(this.#data.field(path, 'comment'), 'string');
    if (comment !== undefined && comment !== '') line(indent + quote(comment));
    const names = this.#data
      .fieldNames(path)
      .filter((name) => name !== 'comment' && name !== 'layerRelocates' && !this.#registry.isSyntaxField(name));
    const isLayer = path === ROOT_PATH;
    names.sort(isLayer ? undefined : compareDictionaryOrder);
    for (const name of isLayer ? [...names, 'layerRelocates'] : names) {
      const value = this.#data.field(path, name);
      if (value !== undefined) this.#writeField(path, name, value, indent, line);
    }
  }

  #writeField(path: Path, name: string, value: Value, indent: string, line: (text: string) => void): void {
    const definition = this.#registry.field(name);
    const key = this.#registry.keyword(name);
    switch (value.type) {
      case 'dictionary':
        if (definition?.words === 'stringMap')
          this.#writeMap(
            `${indent}${key} = {`,
            [...value.value].map(([k, v]) => `${quote(k)}: ${quote(valueAs(v, 'string') ?? '')}`),
            indent,
            line,
          );
        else writeDictionary(`${indent}${key} = {`, value.value, indent, line);
        return;
      case 'pathListOp':
        this.#writePathListOp(value.value, (edit) => `${indent}${edit}${key} = `, '', indent, line);
        return;
      case 'referenceListOp':
      case 'payloadListOp':
        this.#writeListOp(value.value, (edit, items) => this.#writeReferences(`${indent}${edit}${key} = `, items, indent, line));
        return;
      case 'tokenListOp':
      case 'stringListOp':
        this.#writeListOp<string>(value.value, (edit, items) =>
          line(`${indent}${edit}${key} = ${name === 'variantSetNames' ? nameList(items) : itemList(items, quote)}`),
        );
        return;
      case 'intListOp':
      case 'uintListOp':
      case 'int64ListOp':
      case 'uint64ListOp':
        this.#writeListOp<number | bigint>(value.value as ListOp<number | bigint>, (edit, items) =>
          line(`${indent}${edit}${key} = ${itemList(items, String)}`),
        );
        return;
      case 'unregisteredListOp':
        this.#writeListOp(value.value, (edit, items) => {
          const only = items[0];
          if (items.length === 1 && only?.type === 'dictionary') writeDictionary(`${indent}${edit}${key} = {`, only.value, indent, line);
          else
            line(
              `${indent}${edit}${key} = ${items.length === 1 && only !== undefined ? (valueText(only) ?? 'None') : itemList(items, (item) => valueText(item) ?? 'None')}`,
            );
        });
        return;
      case 'variantSelectionMap':
        if (value.value.size > 0)
          writeDictionary(
            `${indent}${key} = {`,
            new Map([...value.value].map(([set, selection]) => [set, makeValue('string', selection)])),
            indent,
            line,
          );
        return;
      case 'relocates':
        this.#writeMap(
          `${indent}${key} = {`,
          (path === ROOT_PATH ? value.value : relativeRelocates(value.value, stripVariants(path))).map(
            ([from, to]) => `<${from}>: <${to}>`,
          ),
          indent,
          line,
        );
        return;
      case 'stringVector':
        if (name === 'subLayers') this.#writeSubLayers(path, value.value, indent, line);
        else line(`${indent}${key} = ${valueText(value)}`);
        return;
      case 'permission':
      case 'specifier':
      case 'variability':
        line(`${indent}${key} = ${value.value}`);
        return;
      case 'bool':
        line(`${indent}${key} = ${value.value}`);
        return;
      default: {
        const isWord = definition?.words !== undefined && value.type === 'token';
        const text = isWord ? (value.value as string) : valueText(value);
        if (text !== undefined) line(`${indent}${key} = ${text}`);
      }
    }
  }

  #writeSubLayers(path: Path, paths: readonly string[], indent: string, line: (text: string) => void): void {
    if (paths.length === 0) return;
    const offsets = valueAs(this.#data.field(path, 'subLayerOffsets'), 'layerOffsetVector') ?? [];
    line(`${indent}subLayers = [`);
    paths.forEach((subLayer, i) => {
      const offset = offsets[i];
      line(`${indent}    ${assetPathText(subLayer)}${offset === undefined ? '' : offsetText(offset)}${i + 1 < paths.length ? ',' : ''}`);
    });
    line(`${indent}]`);
  }

  #writeListOp<T>(op: ListOp<T>, write: (edit: string, items: readonly T[]) => void): void {
    if (op.isExplicit) {
      write('', op.explicitItems);
      return;
    }
    for (const [part, edit] of EDITS) if (op[part].length > 0) write(edit, op[part]);
  }

  /** One path on the line, several on a line each; `lastComma` is what follows the last of several. */
  #writePathListOp(
    op: ListOp<Path>,
    head: (edit: string) => string,
    lastComma: string,
    indent: string,
    line: (text: string) => void,
  ): void {
    this.#writeListOp(op, (edit, paths) => {
      if (paths.length === 0) line(`${head(edit)}None`);
      else if (paths.length === 1) line(`${head(edit)}<${paths[0]}>`);
      else {
        line(`${head(edit)}[`);
        paths.forEach((path, i) => line(`${indent}    <${path}>${i + 1 < paths.length ? ',' : lastComma}`));
        line(`${indent}]`);
      }
    });
  }

  #writeReferences(head: string, items: readonly ReferenceItem[], indent: string, line: (text: string) => void): void {
    if (items.length === 0) {
      line(`${head}None`);
      return;
    }
    const only = items.length === 1 ? (items[0] as ReferenceItem) : undefined;
    if (only !== undefined && (only.customData?.size ?? 0) === 0) {
      line(`${head}${targetText(only)}${offsetText(only.layerOffset)}`);
      return;
    }
    line(`${head}[`);
    items.forEach((item, i) => {
      const comma = i + 1 < items.length ? ',' : '';
      const inner = `${indent}    `;
      if (item.customData === undefined || item.customData.size === 0) {
        line(`${inner}${targetText(item)}${offsetText(item.layerOffset)}${comma}`);
        return;
      }
      line(`${inner}${targetText(item)} (`);
      if (item.layerOffset.offset !== 0) line(`${inner}    offset = ${doubleText(item.layerOffset.offset)}`);
      if (item.layerOffset.scale !== 1) line(`${inner}    scale = ${doubleText(item.layerOffset.scale)}`);
      writeDictionary(`${inner}    customData = {`, item.customData, `${inner}    `, line);
      line(`${inner})${comma}`);
    });
    line(`${indent}]`);
  }

  #writeMap(head: string, entries: readonly string[], indent: string, line: (text: string) => void): void {
    line(head);
    entries.forEach((entry, i) => line(`${indent}    ${entry}${i + 1 < entries.length ? ', ' : ''}`));
    line(`${indent}}`);
  }

  #names(path: Path, field: string): readonly string[] {
    return valueAs(this.#data.field(path, field), 'tokenVector') ?? [];
  }
}

/** Whether a list op that is not explicit says anything. */
function hasListEdits<T>(op: ListOp<T>): boolean {
  return !op.isExplicit && EDITS.some(([part]) => op[part].length > 0);
}

/** Legacy relocates of a prim: paths as seen from it, sorted name by name. */
function relativeRelocates(relocates: readonly (readonly [Path, Path | ''])[], prim: Path): (readonly [string, string])[] {
  const compare = (a: readonly string[], b: readonly string[]): number => {
    const at = a.findIndex((name, i) => name !== b[i]);
    if (at < 0) return a.length - b.length;
    return b[at] === undefined || (a[at] as string) > b[at] ? 1 : -1;
  };
  return relocates
    .map(([from, to]) => [relativePath(from, prim), to === '' ? '' : relativePath(to, prim)] as const)
    .sort(([a], [b]) => compare(a.split('/'), b.split('/')));
}

function relativePath(path: Path, from: Path): string {
  const [names, own] = [path.slice(1).split('/'), from.slice(1).split('/')];
  let shared = 0;
  while (shared < own.length && shared < names.length && names[shared] === own[shared]) shared++;
  return [...own.slice(shared).map(() => '..'), ...names.slice(shared)].join('/') || '.';
}

function targetText(item: ReferenceItem): string {
  const path = item.primPath === '' && item.assetPath !== '' ? '' : `<${item.primPath}>`;
  return (item.assetPath === '' ? '' : assetPathText(item.assetPath)) + path;
}

function offsetText(layerOffset: LayerOffset): string {
  if (isIdentityOffset(layerOffset)) return '';
  const parts: string[] = [];
  if (layerOffset.offset !== 0) parts.push(`offset = ${doubleText(layerOffset.offset)}`);
  if (layerOffset.scale !== 1) parts.push(`scale = ${doubleText(layerOffset.scale)}`);
  return ` (${parts.join('; ')})`;
}

function itemList<T>(items: readonly T[], text: (item: T) => string): string {
  return items.length === 0 ? 'None' : `[${items.map(text).join(', ')}]`;
}

function nameList(names: readonly string[]): string {
  if (names.length === 0) return 'None';
  return names.length === 1 ? quote(names[0] as string) : `[${names.map(quote).join(', ')}]`;
}

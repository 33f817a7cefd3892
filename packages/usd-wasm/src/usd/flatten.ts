/**
 * Flattening: the composed stage as one layer without arcs. Source: OpenUSD usd/stage.cpp (Flatten); values.md section 10.
 */
import { isSearchPath } from '../ar/asset-path.ts';
import { makeExplicitListOp, makeListOp } from '../sdf/list-op.ts';
import { IDENTITY_OFFSET } from '../sdf/layer-offset.ts';
import { Layer } from '../sdf/layer.ts';
import { MemoryLayerData } from '../sdf/layer-data.ts';
import { appendChild, appendProperty, hasPrefix, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import { makeValue, type AssetPath, type Dictionary, type Value } from '../vt/value.ts';
import type { Attribute } from './attribute.ts';
import type { Prim } from './prim.ts';
import type { Relationship } from './relationship.ts';
import { retimeSpline } from './retime-spline.ts';
import type { Stage } from './stage.ts';

/** What a flattened stage holds. */
export interface FlattenOptions {
  /**
   * What is written for an asset path; by default the identifier it resolves to. The authored path stays where there is
   * none, and for search paths that the resolver knows to lead nowhere.
   */
  readonly assetPath?: (asset: AssetPath) => string;
}

/** Fields that composition has used up, or that the walk writes itself. */
const PRIM_FIELDS_LEFT_OUT: ReadonlySet<string> = new Set([
  'specifier',
  'typeName',
  'primChildren',
  'properties',
  'primOrder',
  'variantSetChildren',
  'variantSetNames',
  'variantSelection',
  'variantChildren',
  'references',
  'payload',
  'inheritPaths',
  'specializes',
  'relocates',
  'clips',
  'clipSets',
  // Value clips before `clips`.
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
const PROPERTY_FIELDS_LEFT_OUT: ReadonlySet<string> = new Set([
  'typeName',
  'variability',
  'custom',
  'default',
  'timeSamples',
  'spline',
  'connectionPaths',
  'targetPaths',
  'connectionChildren',
  'targetChildren',
  'mapperChildren',
]);
const LAYER_FIELDS_LEFT_OUT: ReadonlySet<string> = new Set([
  'primChildren',
  'primOrder',
  'subLayers',
  'subLayerOffsets',
  'layerRelocates',
  'expressionVariables',
]);

/** One layer that opens as the same scene. Inactive prims are left out; instances refer to `/Flattened_Prototype_N` prims. */
export function flattenStage(stage: Stage, options: FlattenOptions = {}): Layer {
  return new Flattener(stage, options.assetPath ?? ((asset) => writtenPath(stage, asset))).run();
}

function writtenPath({ resolver }: Stage, { path, resolvedPath }: AssetPath): string {
  return resolvedPath === undefined || resolvedPath === '' || (isSearchPath(path) && resolver.existsNow?.(resolvedPath) === false)
    ? path
    : resolvedPath;
}

class Flattener {
  readonly #stage: Stage;
  readonly #assetPath: (asset: AssetPath) => string;
  readonly #data = new MemoryLayerData();
  /** Prototype → where it is written. */
  readonly #prototypes = new Map<Path, Path>();

  constructor(stage: Stage, assetPath: (asset: AssetPath) => string) {
    this.#stage = stage;
    this.#assetPath = assetPath;
  }

  run(): Layer {
    const stage = this.#stage;
    this.#writeLayerMetadata();
    const names: string[] = [];
    let number = 1;
    for (const prototype of stage.prototypes) {
      let name = `Flattened_Prototype_${number++}`;
      while (stage.getPrimAtPath(appendChild(ROOT_PATH, name)) !== undefined) name = `Flattened_Prototype_${number++}`;
      this.#prototypes.set(prototype.path, appendChild(ROOT_PATH, name));
      names.push(name);
    }
    for (const prototype of stage.prototypes) this.#writePrim(prototype, this.#prototypes.get(prototype.path) as Path);
    for (const prim of stage.pseudoRoot.allChildren) {
      if (!prim.isActive) continue;
      names.push(prim.name);
      this.#writePrim(prim, prim.path);
    }
    this.#data.setField(ROOT_PATH, 'primChildren', makeValue('tokenVector', names));
    return new Layer('flattened', this.#data, 'memory');
  }

  #writeLayerMetadata(): void {
    const { sessionLayer, rootLayer } = this.#stage;
    const names = new Set([...rootLayer.data.fieldNames(ROOT_PATH), ...sessionLayer.data.fieldNames(ROOT_PATH)]);
    for (const name of names) {
      const value = LAYER_FIELDS_LEFT_OUT.has(name) ? undefined : this.#stage.getMetadata(name);
      if (value !== undefined) this.#data.setField(ROOT_PATH, name, this.#value(value));
    }
  }

  /** A prim and everything below it, which may be deeper than the call stack would bear. */
  #writePrim(root: Prim, rootPath: Path): void {
    const pending: [Prim, Path][] = [[root, rootPath]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const path = next[1];
      const children = this.#writeOne(next[0], path);
      for (let i = children.length - 1; i >= 0; i--) {
        const child = children[i] as Prim;
        pending.push([child, appendChild(path, child.name)]);
      }
    }
  }

  /** @returns the children that are to be written */
  #writeOne(prim: Prim, path: Path): readonly Prim[] {
    const data = this.#data;
    data.createSpec(path, 'prim');
    data.setField(path, 'specifier', makeValue('specifier', prim.isPrototype ? 'over' : prim.specifier));
    if (prim.typeName !== '') data.setField(path, 'typeName', makeValue('token', prim.typeName));
    if (!prim.isPrototype) {
      for (const name of fieldNames(prim.index.primStack)) {
        const value = PRIM_FIELDS_LEFT_OUT.has(name) ? undefined : prim.getMetadata(name);
        if (value !== undefined) data.setField(path, name, this.#value(value));
      }
      this.#writeProperties(prim, path);
    }
    const { prototype } = prim;
    const source = prototype === undefined ? undefined : this.#prototypes.get(prototype.path);
    if (source !== undefined) {
      data.setField(
        path,
        'references',
        makeValue('referenceListOp', makeListOp({ prependedItems: [{ assetPath: '', primPath: source, layerOffset: IDENTITY_OFFSET }] })),
      );
      return [];
    }
    const children = prim.allChildren.filter((child) => child.isActive);
    if (children.length > 0)
      data.setField(
        path,
        'primChildren',
        makeValue(
          'tokenVector',
          children.map((child) => child.name),
        ),
      );
    return children;
  }

  #writeProperties(prim: Prim, path: Path): void {
    const names: string[] = [];
    for (const name of prim.getPropertyNames()) {
      const attribute = prim.getAttribute(name);
      const property = attribute ?? prim.getRelationship(name);
      if (property === undefined || !property.isAuthored) continue;
      names.push(name);
      const propertyPath = appendProperty(path, name);
      this.#data.createSpec(propertyPath, attribute === undefined ? 'relationship' : 'attribute');
      for (const field of fieldNames(property.sites)) {
        const value = PROPERTY_FIELDS_LEFT_OUT.has(field) ? undefined : property.getMetadata(field);
        if (value !== undefined) this.#data.setField(propertyPath, field, this.#value(value));
      }
      if (attribute !== undefined) this.#writeAttribute(attribute, propertyPath);
      else this.#writeRelationship(property as Relationship, propertyPath);
    }
    if (names.length > 0) this.#data.setField(path, 'properties', makeValue('tokenVector', names));
  }

  #writeAttribute(attribute: Attribute, path: Path): void {
    const data = this.#data;
    data.setField(path, 'typeName', makeValue('token', attribute.typeName));
    if (attribute.variability !== 'varying') data.setField(path, 'variability', makeValue('variability', attribute.variability));
    if (attribute.isCustom) data.setField(path, 'custom', makeValue('bool', true));
    const value = attribute.authoredDefault();
    if (value !== undefined) data.setField(path, 'default', this.#value(value));
    const { valueSource } = attribute;
    const times = valueSource === 'spline' ? undefined : attribute.getTimeSamples();
    if (times !== undefined && (valueSource === 'timeSamples' || times.length > 0)) {
      const sample = (index: number): Value => {
        const at = attribute.getValue(times[index]!);
        return at === undefined ? makeValue('block', null) : this.#value(at);
      };
      data.setField(path, 'timeSamples', makeValue('timeSamples', { times, value: sample }));
    } else if (valueSource === 'spline') {
      const site = attribute.sites.find((s) => s.layer.field(s.path, 'spline') !== undefined);
      const spline = site?.layer.fieldAs(site.path, 'spline', 'spline');
      if (site !== undefined && spline !== undefined)
        data.setField(path, 'spline', makeValue('spline', retimeSpline(spline, site.layerOffset)));
    }
    const connections = attribute.sites.some((site) => site.layer.field(site.path, 'connectionPaths') !== undefined);
    if (connections)
      data.setField(
        path,
        'connectionPaths',
        makeValue('pathListOp', makeExplicitListOp(attribute.getConnections().map((target) => this.#target(target)))),
      );
  }

  #writeRelationship(relationship: Relationship, path: Path): void {
    this.#data.setField(path, 'variability', makeValue('variability', 'uniform'));
    if (relationship.isCustom) this.#data.setField(path, 'custom', makeValue('bool', true));
    if (relationship.hasAuthoredTargets) {
      this.#data.setField(
        path,
        'targetPaths',
        makeValue('pathListOp', makeExplicitListOp(relationship.getTargets().map((target) => this.#target(target)))),
      );
    }
  }

  #target(path: Path): Path {
    for (const [from, to] of this.#prototypes) if (hasPrefix(path, from)) return replacePrefix(path, from, to);
    return path;
  }

  #value(value: Value): Value {
    if (value.type === 'asset') return makeValue('asset', { path: this.#assetPath(value.value) });
    if (value.type === 'asset[]')
      return makeValue(
        'asset[]',
        value.value.map((asset) => ({ path: this.#assetPath(asset) })),
      );
    return value.type === 'dictionary' ? makeValue('dictionary', this.#dictionary(value.value)) : value;
  }

  #dictionary(dictionary: Dictionary): Dictionary {
    return new Map([...dictionary].map(([key, value]) => [key, this.#value(value)]));
  }
}

function fieldNames(sites: readonly { readonly layer: Layer; readonly path: Path }[]): Set<string> {
  const names = new Set<string>();
  for (const site of sites) for (const name of site.layer.data.fieldNames(site.path)) names.add(name);
  return names;
}

/**
 * Composed metadata: the strongest opinion, except that dictionaries merge and list ops compose.
 * Source: OpenUSD usd/stage.cpp, usd/valueUtils.h; composition.md section 13.
 */
import type { SpecSite } from '../pcp/prim-index.ts';
import { applyListOp, makeExplicitListOp, type ListOp } from '../sdf/list-op.ts';
import { makeValue, type Dictionary, type Value } from '../vt/value.ts';
import { toStage, type AssetPathResolver } from './value-resolution.ts';

/** The value of a field over specs, strongest first. List ops come back as explicit ones; asset paths are resolved. */
export function composeField(sites: readonly SpecSite[], name: string, resolveAssetPath: AssetPathResolver): Value | undefined {
  for (let i = 0; i < sites.length; i++) {
    const site = sites[i] as SpecSite;
    const value = site.layer.field(site.path, name);
    if (value === undefined || value.type === 'block') continue;
    if (!isCombined(value)) return toStage(value, site, resolveAssetPath);
    return isOnlyOpinion(sites, name, i)
      ? withoutEdits(toStage(value, site, resolveAssetPath))
      : composeOpinions(fieldOpinions(sites, name, i, resolveAssetPath));
  }
  return undefined;
}

/** Whether no weaker spec has an opinion, which is what nearly all prims with applied schemas have. */
function isOnlyOpinion(sites: readonly SpecSite[], name: string, index: number): boolean {
  for (let i = index + 1; i < sites.length; i++) {
    const { layer, path } = sites[i] as SpecSite;
    if (layer.field(path, name) !== undefined) return false;
  }
  return true;
}

/** A list op as the list that it makes of nothing. */
function withoutEdits(value: Value): Value {
  return isListOp(value) && !value.value.isExplicit ? composeListOps([value]) : value;
}

/** Combines opinions, strongest first, of which each is read only when a stronger one leaves room for it. */
function composeOpinions(opinions: Iterable<Value>): Value | undefined {
  let result: Value | undefined;
  let listOps: Value[] | undefined;
  for (const value of opinions) {
    if (result === undefined) {
      if (value.type === 'block') continue;
      result = value;
      if (isListOp(value)) {
        if (value.value.isExplicit) return value;
        listOps = [value];
      } else if (!isCombined(value)) return value;
      continue;
    }
    if (value.type !== result.type) continue;
    if (listOps !== undefined) {
      listOps.push(value);
      if (isListOp(value) && value.value.isExplicit) break;
    } else if (result.type === 'dictionary' && value.type === 'dictionary') {
      result = makeValue('dictionary', mergeDictionaries(result.value, value.value));
    } else if (result.type === 'variantSelectionMap' && value.type === 'variantSelectionMap') {
      result = makeValue('variantSelectionMap', new Map([...value.value, ...result.value]));
    }
  }
  return listOps === undefined ? result : composeListOps(listOps);
}

/** `strong` over `weak`, key by key, into nested dictionaries. */
export function mergeDictionaries(strong: Dictionary, weak: Dictionary): Dictionary {
  const result = new Map(weak);
  for (const [key, value] of strong) {
    const other = weak.get(key);
    result.set(
      key,
      value.type === 'dictionary' && other?.type === 'dictionary'
        ? makeValue('dictionary', mergeDictionaries(value.value, other.value))
        : value,
    );
  }
  return result;
}

/** Identity of list items that may be objects. */
export function listItemKey(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return JSON.stringify(item, (_, part: unknown) =>
    typeof part === 'bigint'
      ? `${part}n`
      : part instanceof Map
        ? [...part]
        : ArrayBuffer.isView(part)
          ? Array.from(part as unknown as ArrayLike<unknown>, String)
          : part,
  );
}

function* fieldOpinions(sites: readonly SpecSite[], name: string, first: number, resolveAssetPath: AssetPathResolver): Generator<Value> {
  for (let i = first; i < sites.length; i++) {
    const site = sites[i] as SpecSite;
    const value = site.layer.field(site.path, name);
    if (value !== undefined) yield toStage(value, site, resolveAssetPath);
  }
}

/** Whether weaker opinions count beside the strongest one. */
function isCombined(value: Value): boolean {
  return value.type === 'dictionary' || value.type === 'variantSelectionMap' || isListOp(value);
}

type AnyListOp = { readonly type: `${string}ListOp`; readonly value: ListOp<unknown> };

function isListOp(value: { readonly type: string; readonly value: unknown }): value is AnyListOp {
  return value.type.endsWith('ListOp');
}

function composeListOps(strongToWeak: readonly Value[]): Value {
  let items: readonly unknown[] = [];
  for (let i = strongToWeak.length - 1; i >= 0; i--) {
    items = applyListOp((strongToWeak[i] as unknown as AnyListOp).value, items, listItemKey);
  }
  return { type: strongToWeak[0]!.type, value: makeExplicitListOp(items) } as Value;
}

/**
 * Value clips as authored: which clip sets a prim has, and what they say. Source: OpenUSD usd/clipSetDefinition.cpp; values.md section 5.
 */
import type { SpecSite } from '../pcp/prim-index.ts';
import { applyListOp } from '../sdf/list-op.ts';
import { applyOffset, IDENTITY_OFFSET, type LayerOffset } from '../sdf/layer-offset.ts';
import { DEFAULT_LIMITS } from '../tf/read-limits.ts';
import { valueAs, type Dictionary, type Value } from '../vt/value.ts';

/** A stage time and the time in the clip that it means. */
export interface ClipTime {
  readonly stage: number;
  readonly clip: number;
  /** Of a template: the clip this is for; counts only if that exists. */
  readonly candidate?: number;
}

export interface ClipSetDefinition {
  readonly name: string;
  /** The strongest spec that names the clips. */
  readonly anchor: SpecSite;
  /** Clip files as authored; for templates every candidate, of which those that do not exist do not count. */
  readonly assetPaths: readonly string[];
  readonly isTemplate: boolean;
  readonly manifestPath: string | undefined;
  /** Prim in the clips that stands for the prim with the clips. */
  readonly clipPrimPath: string;
  /** (stage time, index into the existing clips), sorted. For templates one per candidate. */
  readonly active: readonly (readonly [time: number, clip: number])[];
  /** Sorted by stage time; of two at one time the first counts just before it. Empty: identity. */
  readonly times: readonly ClipTime[];
  readonly interpolatesMissing: boolean;
}

/** Templates count in integers of this part of a time code. */
const TEMPLATE_PRECISION = 10_000;

/** An entry of a clip set, and the spec that authors it. */
interface Entry {
  readonly value: Value;
  readonly site: SpecSite;
}

type Entries = ReadonlyMap<string, Entry>;

/** Hears of sets that name clips but lack what they need. */
export type OnIgnoredSet = (name: string, anchor: SpecSite, reason: string) => void;

const ignoreQuietly: OnIgnoredSet = () => undefined;

/**
 * Clip sets of a prim index, strongest first; sets without what they need are left out. In each node the layers' sets are
 * merged, and listed as `clipSets` says; sets of one name in several nodes are one, anchored in the strongest that names clips.
 */
export function clipSetDefinitions(
  primStack: readonly SpecSite[],
  mostClips: number = DEFAULT_LIMITS.clips,
  onIgnored: OnIgnoredSet = ignoreQuietly,
): ClipSetDefinition[] {
  const sets = new Map<string, { readonly entries: Map<string, Entry>; order: readonly [node: number, set: number] | undefined }>();
  let nodeCount = 0;
  for (let end = 0; end < primStack.length;) {
    const first = end;
    const { node } = primStack[first] as SpecSite;
    while (end < primStack.length && (primStack[end] as SpecSite).node === node) end++;
    const sites = primStack.slice(first, end);
    const names = listedSets(sites);
    names.forEach((name, at) => {
      let set = sets.get(name);
      if (set === undefined) sets.set(name, (set = { entries: new Map<string, Entry>(), order: undefined }));
      for (const site of sites) {
        const info = valueAs(site.layer.fieldAs(site.path, 'clips', 'dictionary')?.get(name), 'dictionary');
        for (const [key, value] of info ?? []) {
          if (!set.entries.has(key)) set.entries.set(key, { value, site });
          if (key === 'assetPaths' || key === 'templateAssetPath') set.order ??= [nodeCount, at];
        }
      }
    });
    nodeCount++;
  }
  const ordered = [...sets].filter(([, { order }]) => order !== undefined);
  ordered.sort(
    ([, a], [, b]) =>
      (a.order as [number, number])[0] - (b.order as [number, number])[0] ||
      (a.order as [number, number])[1] - (b.order as [number, number])[1],
  );
  return ordered.flatMap(([name, { entries }]) => readSet(name, entries, mostClips, onIgnored) ?? []);
}

/** Names of a node's sets in order: each layer adds its own in lexicographic order and then edits the list, weak to strong. */
function listedSets(sites: readonly SpecSite[]): readonly string[] {
  let names: readonly string[] = [];
  for (let i = sites.length - 1; i >= 0; i--) {
    const { layer, path } = sites[i] as SpecSite;
    const own = [...(layer.fieldAs(path, 'clips', 'dictionary') ?? [])].filter(([name, set]) => name !== '' && set.type === 'dictionary');
    const added = own.map(([name]) => name).sort();
    names = [...names, ...added.filter((name) => !names.includes(name))];
    const order = layer.fieldAs(path, 'clipSets', 'stringListOp');
    if (order !== undefined) names = applyListOp(order, names, (name) => name);
  }
  return names;
}

function readSet(name: string, entries: Entries, mostClips: number, onIgnored: OnIgnoredSet): ClipSetDefinition | undefined {
  const anchor = (entries.get('assetPaths') ?? entries.get('templateAssetPath'))?.site;
  if (anchor === undefined) return undefined;
  const ignored = (reason: string): undefined => {
    onIgnored(name, anchor, reason);
    return undefined;
  };
  const clipPrimPath = textOf(entries.get('primPath')?.value);
  if (clipPrimPath === undefined || !clipPrimPath.startsWith('/')) return ignored('it has no absolute prim path');
  const manifestPath = assetOf(entries.get('manifestAssetPath')?.value);
  const interpolatesMissing = entries.get('interpolateMissingClipValues')?.value.value === true;
  const common = { name, anchor, clipPrimPath, manifestPath, interpolatesMissing };
  const paths = valueAs(entries.get('assetPaths')?.value, 'asset[]');
  if (paths === undefined) {
    const template = expandTemplate(entries, anchor.layerOffset, mostClips);
    return template === undefined ? ignored('its template or its times cannot be used') : { ...common, ...template, isTemplate: true };
  }
  if (paths.length > mostClips) return ignored(`it has more than ${mostClips} clips`);
  const active = pairsOf(entries.get('active')).filter(([, clip]) => Number.isInteger(clip) && clip >= 0 && clip < paths.length);
  if (active.length === 0) return ignored('none of its clips is ever active');
  const times = pairsOf(entries.get('times')).map(([stage, clip]): ClipTime => ({ stage, clip }));
  return { ...common, assetPaths: paths.map(({ path }) => path), isTemplate: false, active, times };
}

/** Candidate files of a template, in order of time; empty where its clip set says too little. */
export function templateAssetPaths(clipSet: Dictionary): readonly string[] {
  const entries = new Map([...clipSet].map(([key, value]) => [key, { value }]));
  return expandTemplate(entries, IDENTITY_OFFSET, DEFAULT_LIMITS.clips)?.assetPaths ?? [];
}

function expandTemplate(
  entries: ReadonlyMap<string, { readonly value: Value }>,
  layerOffset: LayerOffset,
  mostClips: number,
): Pick<ClipSetDefinition, 'assetPaths' | 'active' | 'times'> | undefined {
  const path = entries.get('templateAssetPath')?.value;
  const template = textOf(path) ?? assetOf(path) ?? '';
  const slash = template.lastIndexOf('/');
  const match = /^([^#]*?)(#+)(?:\.(#+))?([^#]*)$/.exec(template.slice(slash + 1));
  const start = numberOf(entries.get('templateStartTime')?.value);
  const end = numberOf(entries.get('templateEndTime')?.value);
  const stride = numberOf(entries.get('templateStride')?.value);
  const shift = numberOf(entries.get('templateActiveOffset')?.value);
  if (match === null || start === undefined || end === undefined || stride === undefined || !(stride > 0) || end < start) return undefined;
  if (shift !== undefined && Math.abs(shift) > stride) return undefined;
  const folder = template.slice(0, slash + 1);
  const [, prefix, integers, decimals, suffix] = match as unknown as [string, string, string, string | undefined, string];
  const toStage = (time: number): number => applyOffset(layerOffset, time);
  const assetPaths: string[] = [];
  const active: [number, number][] = [];
  const times: ClipTime[] = [];
  if (shift !== undefined) times.push({ stage: toStage(start - Math.abs(shift)), clip: start - Math.abs(shift) });
  const last = Math.round(end * TEMPLATE_PRECISION);
  const step = Math.round(stride * TEMPLATE_PRECISION);
  if (step === 0 || (last - start * TEMPLATE_PRECISION) / step > mostClips) return undefined;
  for (let t = Math.round(start * TEMPLATE_PRECISION); t <= last; t += step) {
    const time = t / TEMPLATE_PRECISION;
    const [whole, fraction = ''] = Math.abs(time)
      .toFixed(decimals?.length ?? 0)
      .split('.') as [string, string | undefined];
    // Without a decimal part only whole times name files.
    if (decimals === undefined && !Number.isInteger(time)) continue;
    const sign = time < 0 ? '-' : '';
    assetPaths.push(
      `${folder}${prefix}${sign}${whole.padStart(integers.length - sign.length, '0')}${decimals === undefined ? '' : `.${fraction}`}${suffix}`,
    );
    times.push({ stage: toStage(time), clip: time, candidate: assetPaths.length - 1 });
    active.push([toStage(time + (shift ?? 0)), assetPaths.length - 1]);
  }
  if (shift !== undefined) times.push({ stage: toStage(end + Math.abs(shift)), clip: end + Math.abs(shift) });
  return { assetPaths, active, times };
}

/** Pairs with their first number, a stage time, mapped by the offset of the layer that authors them, sorted by it. */
function pairsOf(entry: Entry | undefined): [number, number][] {
  const numbers = valueAs(entry?.value, 'double2[]') ?? valueAs(entry?.value, 'float2[]');
  const pairs: [number, number][] = [];
  for (let i = 0; entry !== undefined && numbers !== undefined && i + 1 < numbers.length; i += 2)
    pairs.push([applyOffset(entry.site.layerOffset, numbers[i]!), numbers[i + 1]!]);
  return pairs.sort((a, b) => a[0] - b[0]);
}

function textOf(value: Value | undefined): string | undefined {
  return value?.type === 'string' || value?.type === 'token' ? value.value : undefined;
}

function assetOf(value: Value | undefined): string | undefined {
  return value?.type === 'asset' && value.value.path !== '' ? value.value.path : undefined;
}

function numberOf(value: Value | undefined): number | undefined {
  return typeof value?.value === 'number' ? value.value : undefined;
}

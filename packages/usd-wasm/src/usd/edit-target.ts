/**
 * Where edits of a stage go: a layer, and how paths and times of the stage map to those of its specs.
 * Source: OpenUSD usd/editTarget.cpp; values.md section 8.
 */
import { MapFunction } from '../pcp/map-function.ts';
import type { PrimIndexNode } from '../pcp/prim-index.ts';
import { IDENTITY_OFFSET, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import { endsInVariant, ROOT_PATH, stripVariants, type Path } from '../sdf/path.ts';
import { EditError } from './edit-error.ts';

/** Where edits of a stage go: a layer, and how paths and times of the stage map to those of its specs. */
export class EditTarget {
  /** Undefined only in a target that takes its layer from the weaker one that it is composed over. */
  readonly layer: Layer | undefined;
  /** Specs → stage: paths (those of specs may hold variant selections) and times. */
  readonly mapping: MapFunction;

  constructor(layer: Layer | undefined, mapping: MapFunction = MapFunction.IDENTITY) {
    this.layer = layer;
    this.mapping = mapping;
  }

  /** Specs at the paths of the stage, in a layer whose times have this offset to the stage's. */
  static forLayer(layer: Layer, offset: LayerOffset = IDENTITY_OFFSET): EditTarget {
    return new EditTarget(layer, offsetMapping(offset));
  }

  /**
   * Edits of a prim go inside a variant of it, in a layer of the stage's own layer stack.
   *
   * @param variantPath e.g. `/Ball{shape=round}`
   * @throws EditError `edit-invalid-path` when the path does not end in a variant selection
   */
  static forLocalDirectVariant(layer: Layer, variantPath: Path): EditTarget {
    if (!variantPath.startsWith('/') || !endsInVariant(variantPath))
      throw new EditError('edit-invalid-path', variantPath, 'expected the path of a variant, such as /Prim{set=variant}');
    return new EditTarget(layer, variantMapping(variantPath));
  }

  /**
   * Edits go to the site of a node of a prim index: across a reference, into a class, a variant, a sublayer.
   *
   * @param layer a layer of the node's layer stack, by default the stack's root layer
   * @throws EditError `edit-invalid-target` when the node's layer stack does not have the layer
   */
  static forNode(node: PrimIndexNode, layer: Layer = node.layerStack.rootLayer): EditTarget {
    const entry = node.layerStack.entries.find((candidate) => candidate.layer === layer);
    if (entry === undefined)
      throw new EditError('edit-invalid-target', node.path, `@${layer.identifier}@ is not in the layer stack of the ${node.arcType} node`);
    // Composition keeps variant selections out of its maps; writing needs them.
    const mapping = node.path.includes('{') ? node.mapToRoot.compose(variantMapping(node.path)) : node.mapToRoot;
    return new EditTarget(layer, mapping.compose(offsetMapping(entry.offset)));
  }

  /** There is a layer to edit. */
  get isValid(): boolean {
    return this.layer !== undefined;
  }

  /** Layer time → stage time. */
  get offset(): LayerOffset {
    return this.mapping.offset;
  }

  /**
   * Path of the spec that holds the opinions on an object of the stage. Paths in brackets (targets) are mapped too, and
   * have no variant selections.
   *
   * @returns undefined where this target cannot author opinions on the object
   */
  mapToSpecPath(path: Path): Path | undefined {
    const open = path.indexOf('[');
    if (open < 0) {
      const mapped = this.mapping.mapToSource(path);
      return mapped === '' ? undefined : mapped;
    }
    const close = matchingBracket(path, open);
    const head = this.mapToSpecPath(path.slice(0, open) as Path);
    const inner = this.mapTarget(path.slice(open + 1, close) as Path);
    const tail = path.slice(close + 1);
    if (head === undefined || inner === undefined) return undefined;
    const rest = tail.includes('[') ? this.#mapTail(tail) : tail;
    return rest === undefined ? undefined : (`${head}[${inner}]${rest}` as Path);
  }

  /** Where a path that an opinion names (a target, an internal reference, a class) is in the namespace of the specs. */
  mapTarget(path: Path): Path | undefined {
    const mapped = this.mapToSpecPath(path);
    return mapped === undefined ? undefined : stripVariants(mapped);
  }

  /** A target that maps by this one after `weaker`; its layer counts where this has none. */
  composeOver(weaker: EditTarget): EditTarget {
    return new EditTarget(this.layer ?? weaker.layer, this.mapping.compose(weaker.mapping));
  }

  /** Whether edits go to the same place. */
  equals(other: EditTarget): boolean {
    return this.layer === other.layer && this.mapping.equals(other.mapping);
  }

  /** What follows a bracket: a relational attribute, and perhaps another bracket. */
  #mapTail(tail: string): string | undefined {
    const open = tail.indexOf('[');
    const close = matchingBracket(tail, open);
    const inner = this.mapTarget(tail.slice(open + 1, close) as Path);
    return inner === undefined ? undefined : `${tail.slice(0, open)}[${inner}]${tail.slice(close + 1)}`;
  }
}

function offsetMapping(offset: LayerOffset): MapFunction {
  return MapFunction.create([[ROOT_PATH, ROOT_PATH]], offset);
}

/** `/A{v=x}B` → `/A/B`, and everything else to itself. */
function variantMapping(path: Path): MapFunction {
  return MapFunction.create([
    [ROOT_PATH, ROOT_PATH],
    [path, stripVariants(path)],
  ]);
}

function matchingBracket(path: string, open: number): number {
  let depth = 0;
  for (let i = open; i < path.length; i++) {
    const c = path.charCodeAt(i);
    if (c === 91) depth++;
    else if (c === 93 && --depth === 0) return i;
  }
  return path.length;
}

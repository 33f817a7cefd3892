/** Queries of skeletons and skinned prims, each made once. Source: OpenUSD usdSkel/cache.cpp; schemas.md 4.3. */
import { appendChild } from '../../sdf/path.ts';
import type { Prim } from '../../usd/prim.ts';
import { AnimQuery } from './anim-query.ts';
import { animationSource, isSkinnable, skelBinding, type SkelBinding } from './binding.ts';
import { SkeletonQuery } from './skeleton-query.ts';
import { SkinningQuery } from './skinning-query.ts';

/** A skeleton, and what it moves below a SkelRoot. */
export interface SkeletonTargets {
  /** The skeleton. */
  readonly skeleton: SkeletonQuery;
  /** Prims that it moves. */
  readonly targets: readonly SkinningQuery[];
}

/** Keeps queries for as long as the stage is not edited: make a new one then. */
export class SkelCache {
  readonly #animations = new Map<Prim, AnimQuery>();
  readonly #skeletons = new Map<Prim, SkeletonQuery>();
  readonly #skinned = new Map<Prim, SkinningQuery>();

  /** The query of a skeleton, with the animation that drives it. @param prim a Skeleton */
  skeletonQuery(prim: Prim): SkeletonQuery {
    let query = this.#skeletons.get(prim);
    if (query === undefined) {
      const source = animationSource(prim);
      query = new SkeletonQuery(prim, source === undefined ? undefined : this.#animation(source));
      this.#skeletons.set(prim, query);
    }
    return query;
  }

  /**
   * Undefined where the prim is not bound to a skeleton.
   *
   * @param binding that of the prim, if the caller has it already
   */
  skinningQuery(prim: Prim, binding?: SkelBinding): SkinningQuery | undefined {
    const known = this.#skinned.get(prim);
    if (known !== undefined) return known;
    const found = binding ?? skelBinding(prim);
    if (found?.skeleton === undefined) return undefined;
    const query = new SkinningQuery(found, this.skeletonQuery(found.skeleton));
    this.#skinned.set(prim, query);
    return query;
  }

  /**
   * Skeletons that move something at or below a prim, and what. Prims below instances count only if asked for.
   *
   * @param root usually a SkelRoot
   */
  bindings(root: Prim, { entersInstances = false }: { readonly entersInstances?: boolean } = {}): SkeletonTargets[] {
    const targets = new Map<SkeletonQuery, SkinningQuery[]>();
    const stack: Prim[] = [root];
    for (let prim = stack.pop(); prim !== undefined; prim = stack.pop()) {
      if (!prim.isA('Imageable')) continue;
      if (isSkinnable(prim)) {
        const query = this.skinningQuery(prim);
        if (query === undefined) continue;
        const list = targets.get(query.skeleton);
        if (list === undefined) targets.set(query.skeleton, [query]);
        else list.push(query);
        continue;
      }
      const children = entersInstances ? childrenOf(prim) : prim.children;
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Prim);
    }
    return [...targets].map(([skeleton, list]) => ({ skeleton, targets: list }));
  }

  #animation(prim: Prim): AnimQuery {
    let query = this.#animations.get(prim);
    if (query === undefined) this.#animations.set(prim, (query = new AnimQuery(prim)));
    return query;
  }
}

/** Children of a prim, those of an instance as instance proxies. */
function childrenOf(prim: Prim): readonly Prim[] {
  const { prototype } = prim;
  if (prototype === undefined) return prim.children;
  return prototype.children.flatMap((child) => prim.stage.getPrimAtPath(appendChild(prim.path, child.name)) ?? []);
}

/**
 * Change blocks: what is edited inside of one is told to listeners once, at its end.
 * Source: OpenUSD sdf/changeBlock.h, sdf/changeManager.cpp. Unlike there, every layer of a block is told at once.
 */
import type { ChangeList, LayersDidChangeListener } from './change-list.ts';
import type { Layer } from './layer.ts';

/** What one block did to one layer. */
export interface LayerEdits {
  readonly layer: Layer;
  readonly changes: ChangeList;
  readonly listeners: ReadonlySet<LayersDidChangeListener>;
  readonly observers: ReadonlySet<BlockObserver>;
  /** Takes the edits back, in a block. The layer must be as it was at the end of the block. */
  readonly undo: () => void;
  /** Makes the edits again, in a block. The layer must be as it was at the begin of the block. */
  readonly redo: () => void;
}

/** Hears of a block before listeners do. */
export type BlockObserver = (edits: readonly LayerEdits[]) => void;

/** A layer's share in the open block. */
export interface BlockParticipant {
  /** Undefined where the edits added up to nothing. */
  endBlock(): LayerEdits | undefined;
}

type Delivery = ReadonlyMap<LayersDidChangeListener, ReadonlyMap<Layer, ChangeList>>;

let depth = 0;
let participants = new Set<BlockParticipant>();
const deliveries: Delivery[] = [];
let isDelivering = false;

/**
 * Runs `edit` as one change: listeners of the layers that it edits are called once, at the end of the outermost block,
 * also when `edit` throws. Edits that listeners make are delivered after the present ones. `edit` is synchronous.
 *
 * @throws what `edit` throws; else the first error of a listener, once all have been called
 */
export function changeBlock<T>(edit: () => T): T {
  depth++;
  let result: T;
  try {
    result = edit();
  } catch (error) {
    if (--depth === 0) finishBlock();
    throw error;
  }
  if (--depth === 0) {
    const failure = finishBlock();
    if (failure !== undefined) throw failure.error;
  }
  return result;
}

/** Whether edits made now belong to a block that has not ended. */
export function isInChangeBlock(): boolean {
  return depth > 0;
}

/** Has `endBlock` of the participant called when the open block ends. */
export function joinChangeBlock(participant: BlockParticipant): void {
  if (depth === 0) throw new RangeError('no change block is open');
  participants.add(participant);
}

function finishBlock(): { readonly error: unknown } | undefined {
  if (participants.size === 0) return undefined;
  const ended = participants;
  participants = new Set();
  const edits: LayerEdits[] = [];
  for (const participant of ended) {
    const edit = participant.endBlock();
    if (edit !== undefined) edits.push(edit);
  }
  if (edits.length === 0) return undefined;
  for (const [observer, observed] of byHearer(edits, (edit) => edit.observers)) observer([...observed.values()]);
  const delivery = new Map<LayersDidChangeListener, ReadonlyMap<Layer, ChangeList>>();
  for (const [listener, heard] of byHearer(edits, (edit) => edit.listeners))
    delivery.set(listener, new Map([...heard].map(([layer, edit]) => [layer, edit.changes])));
  deliveries.push(delivery);
  return deliver();
}

/** Calls listeners; what they edit in the meantime comes after. */
function deliver(): { readonly error: unknown } | undefined {
  if (isDelivering) return undefined;
  isDelivering = true;
  let failure: { readonly error: unknown } | undefined;
  for (let delivery = deliveries.shift(); delivery !== undefined; delivery = deliveries.shift()) {
    for (const [listener, changes] of delivery) {
      try {
        listener(changes);
      } catch (error) {
        failure ??= { error };
      }
    }
  }
  isDelivering = false;
  return failure;
}

function byHearer<T>(edits: readonly LayerEdits[], hearersOf: (edit: LayerEdits) => Iterable<T>): Map<T, Map<Layer, LayerEdits>> {
  const heard = new Map<T, Map<Layer, LayerEdits>>();
  for (const edit of edits) {
    for (const hearer of hearersOf(edit)) {
      let list = heard.get(hearer);
      if (list === undefined) heard.set(hearer, (list = new Map()));
      list.set(edit.layer, edit);
    }
  }
  return heard;
}

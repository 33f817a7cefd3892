/**
 * Undo and redo of edits of layers. A step is what one outermost change block did, in all layers of the stack. Edits
 * are taken back by their inverses, in the reverse order, in one change block, of which listeners hear as of any other.
 */
import { changeBlock, isInChangeBlock, type LayerEdits } from './change-block.ts';
import type { Layer } from './layer.ts';

/** How much is remembered. */
export interface UndoStackOptions {
  /** Steps that are kept; older ones are forgotten. By default all. */
  readonly limit?: number;
}

type Step = readonly Pick<LayerEdits, 'layer' | 'undo' | 'redo'>[];

/** Undo and redo of edits of layers: a step is what one outermost change block did, in all layers of the stack. */
export class UndoStack {
  readonly #limit: number;
  readonly #layers = new Map<Layer, () => void>();
  #undoable: Step[] = [];
  #redoable: Step[] = [];
  #isReplaying = false;
  readonly #observer = (edits: readonly LayerEdits[]): void => {
    if (this.#isReplaying) {
      this.#isReplaying = false; // what listeners of the replay edit is a step again
      return;
    }
    // The change lists are left: they hold values that taking edits back does not need.
    this.#undoable.push(edits.map(({ layer, undo, redo }) => ({ layer, undo, redo })));
    if (this.#undoable.length > this.#limit) this.#undoable.shift();
    this.#redoable = [];
  };

  constructor(options: UndoStackOptions = {}) {
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
  }

  /** Edits of the layer from now on can be taken back. */
  add(layer: Layer): void {
    if (!this.#layers.has(layer)) this.#layers.set(layer, layer.addBlockObserver(this.#observer));
  }

  /** Forgets a layer: what was done to it stays. */
  remove(layer: Layer): void {
    this.#layers.get(layer)?.();
    if (!this.#layers.delete(layer)) return;
    const withoutLayer = (steps: readonly Step[]): Step[] =>
      steps.map((step) => step.filter((edits) => edits.layer !== layer)).filter((step) => step.length > 0);
    this.#undoable = withoutLayer(this.#undoable);
    this.#redoable = withoutLayer(this.#redoable);
  }

  /** There is a step to take back. */
  get canUndo(): boolean {
    return this.#undoable.length > 0;
  }

  /** There is a step that was taken back. */
  get canRedo(): boolean {
    return this.#redoable.length > 0;
  }

  /**
   * Takes the last step back.
   *
   * @returns whether there was one
   * @throws RangeError inside of a change block; LayerEditError where a layer may not be edited any more, and then changes nothing
   */
  undo(): boolean {
    const step = this.#undoable.at(-1);
    if (step === undefined) return false;
    assertReplayable(step);
    this.#undoable.pop();
    this.#redoable.push(step);
    this.#replay(() => step.forEach((edits) => edits.undo()));
    return true;
  }

  /** Makes the step again that was taken back last. Returns and throws as `undo`. */
  redo(): boolean {
    const step = this.#redoable.at(-1);
    if (step === undefined) return false;
    assertReplayable(step);
    this.#redoable.pop();
    this.#undoable.push(step);
    this.#replay(() => step.forEach((edits) => edits.redo()));
    return true;
  }

  /** Forgets all steps. */
  clear(): void {
    this.#undoable = [];
    this.#redoable = [];
  }
  #replay(edit: () => void): void {
    this.#isReplaying = true;
    try {
      changeBlock(edit);
    } finally {
      this.#isReplaying = false;
    }
  }
}

function assertReplayable(step: Step): void {
  if (isInChangeBlock()) throw new RangeError('undo and redo are change blocks of their own: they cannot be part of another');
  for (const { layer } of step) layer.assertEditable();
}

/** `variants` and `variant-name`: what the stage is opened with, and what changes later. */
import type { VariantChoice } from '../../share/protocol/engine.ts';
import { formatVariants, parseVariants } from '../../share/view-state/variants.ts';
import { ViewStateError } from '../../share/view-state/view-state-error.ts';
import type { EngineController } from '../../ui/controllers/engine-controller.ts';
import type { ElementSide } from '../element-side.ts';
import type { AttributeReader } from './attribute-reader.ts';

export class VariantAttributes {
  #side: ElementSide;
  #reader: AttributeReader;
  #engine: EngineController;
  #applied: () => void;
  /** What `variants` said last. */
  #chosen: readonly VariantChoice[] = [];

  /** @param applied another variant was composed */
  constructor(side: ElementSide, reader: AttributeReader, engine: EngineController, applied: () => void) {
    this.#side = side;
    this.#reader = reader;
    this.#engine = engine;
    this.#applied = applied;
  }

  /** For a stage that is about to be opened. */
  begin(): readonly VariantChoice[] {
    this.#chosen = this.#read();
    return this.#chosen;
  }

  /** `variants` changed: what it no longer names goes back to the file's own choice. */
  async update(): Promise<void> {
    const before = this.#chosen;
    const now = this.#read();
    this.#chosen = now;
    const isNamed = (a: VariantChoice): boolean => now.some((b) => a.primPath === b.primPath && a.set === b.set);
    const dropped = before.filter((choice) => !isNamed(choice)).map((choice) => ({ ...choice, selection: '' }));
    if (dropped.length + now.length > 0) await this.choose([...dropped, ...now]);
  }

  /** Chooses the variant of `variant-name`, in the first set of the default prim that has it, else in the first of all. */
  async updateName(): Promise<void> {
    const name = this.#side.element.variantName;
    const { summary } = this.#engine;
    if (name === null || summary === undefined) return;
    const having = summary.variantSets.filter(({ variants }) => variants.includes(name));
    const entry = having.find(({ primPath }) => primPath === summary.defaultPrim) ?? having[0];
    if (entry === undefined) throw new ViewStateError('variant-name', name, 'the name of a variant of the model');
    if (entry.selection !== name) await this.choose([{ primPath: entry.primPath, set: entry.set, selection: name }]);
  }

  /** Resolves when what changed is loaded. @throws RemoteError */
  async choose(choices: readonly VariantChoice[]): Promise<void> {
    const [choice] = choices;
    if (choices.length === 1 && choice !== undefined) await this.#engine.setVariant(choice);
    else await this.#engine.setVariants(choices);
    await this.#engine.completed();
    this.#applied();
    this.#side.emit('variant-applied', { variants: formatVariants(choices) });
  }

  #read(): readonly VariantChoice[] {
    return this.#reader.read('variants', this.#side.element.variants, parseVariants, '');
  }
}

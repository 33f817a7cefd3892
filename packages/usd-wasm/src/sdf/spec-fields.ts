import type { Value } from '../vt/value.ts';

/** Names that fields of specs have in common: specs with the same names in the same order share one of these. */
export class FieldShape {
  readonly names: readonly string[];
  readonly #counter: { shapes: number };
  #next: Map<string, FieldShape> | undefined;

  private constructor(names: readonly string[], counter: { shapes: number }) {
    this.names = names;
    this.#counter = counter;
  }

  /** The shape without names, from which all shapes of one layer grow. */
  static empty(): FieldShape {
    return new FieldShape([], { shapes: 0 });
  }

  /** This shape and one name more; undefined where sharing would not pay: too many names, or too many shapes. */
  with(name: string): FieldShape | undefined {
    const known = this.#next?.get(name);
    if (known !== undefined) return known;
    if (this.names.length >= LONGEST_SHAPE || this.#counter.shapes >= MOST_SHAPES) return undefined;
    this.#counter.shapes++;
    const shape = new FieldShape([...this.names, name], this.#counter);
    (this.#next ??= new Map<string, FieldShape>()).set(name, shape);
    return shape;
  }
}

const LONGEST_SHAPE = 24;
const MOST_SHAPES = 4096;

/**
 * The fields of one spec, by name, in the order they were first set. A layer has millions of specs with few fields
 * each: a `Map` in each would take several times the memory, so it is only for the unusual ones.
 */
export class SpecFields {
  #shape: FieldShape;
  #values: Value[];
  #overflow: Map<string, Value> | undefined;

  constructor(shape: FieldShape) {
    this.#shape = shape;
    this.#values = NONE;
  }

  get(name: string): Value | undefined {
    if (this.#overflow !== undefined) return this.#overflow.get(name);
    const index = this.#shape.names.indexOf(name);
    return index < 0 ? undefined : this.#values[index];
  }

  set(name: string, value: Value): void {
    if (this.#overflow !== undefined) {
      this.#overflow.set(name, value);
      return;
    }
    const old = this.#values;
    const index = this.#shape.names.indexOf(name);
    if (index >= 0) {
      old[index] = value;
      return;
    }
    const shape = this.#shape.with(name);
    if (shape === undefined) {
      this.#toMap().set(name, value);
      return;
    }
    // Exactly as long as needed: pushing would reserve room for many more.
    const values = new Array<Value>(old.length + 1);
    for (let i = 0; i < old.length; i++) values[i] = old[i] as Value;
    values[old.length] = value;
    this.#shape = shape;
    this.#values = values;
  }

  delete(name: string): void {
    if (this.get(name) !== undefined) this.#toMap().delete(name);
  }

  names(): readonly string[] {
    return this.#overflow === undefined ? this.#shape.names : [...this.#overflow.keys()];
  }

  #toMap(): Map<string, Value> {
    if (this.#overflow === undefined) {
      this.#overflow = new Map(this.#shape.names.map((name, i) => [name, this.#values[i] as Value]));
      this.#values = NONE;
    }
    return this.#overflow;
  }
}

/** Shared by specs without fields; never written to. */
const NONE: Value[] = [];

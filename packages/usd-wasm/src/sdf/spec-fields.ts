import { makeValue, type Value } from '../vt/value.ts';
import { arcFieldsOf } from './arc-fields.ts';

/** Names that fields of specs have in common: specs with the same names in the same order share one of these. */
export class FieldShape {
  readonly names: readonly string[];
  /** The shape without names that this one grew from. */
  readonly root: FieldShape;
  readonly #counter: ShapeCounter;
  /** Made for the second one: most shapes only grow by one name. */
  #next: Map<string, FieldShape> | undefined;
  /** What was asked for last: specs that follow each other are mostly alike. */
  #lastName: string | undefined;
  #lastShape: FieldShape | undefined;
  #lists: FieldShape | undefined;
  #namesValue: Value | undefined;
  #arcFields: number | undefined;

  private constructor(names: readonly string[], counter: ShapeCounter, root: FieldShape | undefined) {
    this.names = names;
    this.#counter = counter;
    this.root = root ?? this;
  }

  /** The shape without names, from which all shapes of one layer grow. */
  static empty(): FieldShape {
    return new FieldShape([], { shapes: 0, isOutgrown: false }, undefined);
  }

  /** The empty shape from which lists of names grow that are no fields: they must not use up the shapes of fields. */
  get lists(): FieldShape {
    return (this.root.#lists ??= FieldShape.empty());
  }

  /** The names as a value, the same one each time. */
  get namesValue(): Value {
    return (this.#namesValue ??= makeValue('tokenVector', this.names));
  }

  /** Bits of `ARC_FIELD`: which of the names are fields that add arcs. */
  get arcFields(): number {
    return (this.#arcFields ??= arcFieldsOf(this.names));
  }

  /** This shape and one name more; undefined where sharing would not pay: too many names, or too many shapes. */
  with(name: string): FieldShape | undefined {
    if (name === this.#lastName) return this.#lastShape;
    const known = this.#next?.get(name);
    if (known !== undefined) {
      this.#lastName = name;
      this.#lastShape = known;
      return known;
    }
    if (this.names.length >= LONGEST_SHAPE || this.#counter.shapes >= MOST_SHAPES) {
      this.outgrow();
      return undefined;
    }
    this.#counter.shapes++;
    // Exactly as long as needed, as for values below.
    const names = this.names.toSpliced(this.names.length, 0, name);
    const shape = new FieldShape(names, this.#counter, this.root);
    if (this.#lastName !== undefined && this.#lastShape !== undefined) {
      this.#next ??= new Map([[this.#lastName, this.#lastShape]]);
      this.#next.set(name, shape);
    }
    this.#lastName = name;
    this.#lastShape = shape;
    return shape;
  }

  /** From here on some spec keeps its names itself. */
  outgrow(): void {
    this.#counter.isOutgrown = true;
  }

  /** Whether any spec may have, or have had, a field of one of these names. */
  mayHave(fields: ReadonlySet<string>): boolean {
    return this.#counter.isOutgrown || this.root.#growsTo(fields);
  }

  #growsTo(fields: ReadonlySet<string>): boolean {
    if (this.#next === undefined) {
      if (this.#lastName === undefined || this.#lastShape === undefined) return false;
      return fields.has(this.#lastName) || this.#lastShape.#growsTo(fields);
    }
    for (const [name, shape] of this.#next) if (fields.has(name) || shape.#growsTo(fields)) return true;
    return false;
  }
}

interface ShapeCounter {
  shapes: number;
  isOutgrown: boolean;
}

const LONGEST_SHAPE = 24;
const MOST_SHAPES = 4096;

/**
 * The fields of one spec, by name, in the order they were first set. A layer has millions of specs with few fields
 * each: the first four values, which are all that most attributes have, stand in the object itself. A `Map` in each would
 * take several times the memory, so it is only for the unusual ones.
 */
export class SpecFields {
  /** Undefined where `#rest` is a map of all fields. */
  #shape: FieldShape | undefined;
  #value0: Value | undefined = undefined;
  #value1: Value | undefined = undefined;
  #value2: Value | undefined = undefined;
  #value3: Value | undefined = undefined;
  /** Values from the fifth on. */
  #rest: Value[] | Map<string, Value> | undefined = undefined;

  constructor(shape: FieldShape) {
    this.#shape = shape;
  }

  /** Names of the fields, as `fill` takes them; undefined where there are unusually many. */
  get shape(): FieldShape | undefined {
    return this.#shape;
  }

  /** Sets the fields of a spec that has none: four values at most, one for each name of the shape. */
  fill(shape: FieldShape, value0: Value, value1: Value, value2: Value, value3?: Value): void {
    this.#shape = shape;
    this.#value0 = value0;
    this.#value1 = value1;
    this.#value2 = value2;
    this.#value3 = value3;
  }

  get(name: string): Value | undefined {
    const shape = this.#shape;
    return shape === undefined ? (this.#rest as Map<string, Value>).get(name) : this.#at(shape.names.indexOf(name));
  }

  set(name: string, value: Value): void {
    const shape = this.#shape;
    if (shape === undefined) {
      (this.#rest as Map<string, Value>).set(name, value);
      return;
    }
    const index = shape.names.indexOf(name);
    if (index >= 0) {
      this.#setAt(index, value);
      return;
    }
    const grown = shape.with(name);
    if (grown === undefined) {
      this.#toMap(shape).set(name, value);
      return;
    }
    this.#setAt(shape.names.length, value);
    this.#shape = grown;
  }

  delete(name: string): void {
    if (this.get(name) === undefined) return;
    (this.#shape === undefined ? (this.#rest as Map<string, Value>) : this.#toMap(this.#shape)).delete(name);
  }

  /** Bits of `ARC_FIELD`: which of the fields add arcs. */
  get arcFields(): number {
    return this.#shape === undefined ? arcFieldsOf(this.names()) : this.#shape.arcFields;
  }

  names(): readonly string[] {
    return this.#shape === undefined ? [...(this.#rest as Map<string, Value>).keys()] : this.#shape.names;
  }

  #at(index: number): Value | undefined {
    switch (index) {
      case -1:
        return undefined;
      case 0:
        return this.#value0;
      case 1:
        return this.#value1;
      case 2:
        return this.#value2;
      case 3:
        return this.#value3;
      default:
        return (this.#rest as Value[])[index - 4];
    }
  }

  #setAt(index: number, value: Value): void {
    switch (index) {
      case 0:
        this.#value0 = value;
        return;
      case 1:
        this.#value1 = value;
        return;
      case 2:
        this.#value2 = value;
        return;
      case 3:
        this.#value3 = value;
        return;
      default: {
        const rest = this.#rest as Value[] | undefined;
        if (rest !== undefined && index - 4 < rest.length) rest[index - 4] = value;
        // Exactly as long as needed: pushing would reserve room for many more.
        else this.#rest = rest === undefined ? [value] : rest.toSpliced(rest.length, 0, value);
      }
    }
  }

  #toMap(shape: FieldShape): Map<string, Value> {
    shape.outgrow();
    const map = new Map(shape.names.map((name, i) => [name, this.#at(i) as Value]));
    this.#shape = undefined;
    this.#value0 = this.#value1 = this.#value2 = this.#value3 = undefined;
    this.#rest = map;
    return map;
  }
}

import { ViewStateError } from '../../share/view-state/view-state-error.ts';

/**
 * Reads an attribute's words; where they mean nothing, tells so once for each text, and goes on with what `fallback` reads as.
 */
export class AttributeReader {
  #told = new Map<string, string>();
  #refuse: (error: ViewStateError) => void;

  constructor(refuse: (error: ViewStateError) => void) {
    this.#refuse = refuse;
  }

  read<T>(name: string, text: string, parse: (text: string, name: string) => T, fallback: string): T {
    try {
      const value = parse(text, name);
      this.#told.delete(name);
      return value;
    } catch (error) {
      if (!(error instanceof ViewStateError)) throw error;
      if (this.#told.get(name) !== text) {
        this.#told.set(name, text);
        this.#refuse(error);
      }
      return parse(fallback, name);
    }
  }
}

import { ROOT_PATH } from '../sdf/path.ts';
import { attributeType } from '../sdf/value-type.ts';
import { ProblemList } from '../tf/reporter.ts';
import type { Value } from '../vt/value.ts';
import { Lexer } from './lexer.ts';
import { UsdaParseError } from './usda-error.ts';
import { ValueReader } from './values.ts';

/** Reads the text of one value, as it stands after `=` in a layer. Undefined where it is no value of the type. */
export function parseValue(text: string, typeName: string): Value | undefined {
  const type = attributeType(typeName);
  if (type?.storage === undefined) return undefined;
  const lexer = new Lexer('value', new TextEncoder().encode(text), new ProblemList());
  try {
    lexer.skipBlanks();
    const value = new ValueReader(lexer).readValue(type, ROOT_PATH);
    lexer.skipBlanks();
    return lexer.isAtEnd ? value : undefined;
  } catch (error) {
    if (error instanceof UsdaParseError) return undefined;
    throw error;
  }
}

import { describe, expect, it } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { valueAs } from '../vt/value.ts';
import { Lexer } from './lexer.ts';
import { parseUsda } from './parser.ts';
import { StatementHeads } from './statement-heads.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('StatementHeads', () => {
  /** A head for each word and its `=`, where it was not foretold. */
  function readAll(text: string): string[] {
    const lexer = new Lexer('test.usda', bytesOf(text), new ProblemList());
    const heads = new StatementHeads<string>(lexer);
    const found: string[] = [];
    while (!lexer.isAtEnd) {
      const start = lexer.offset;
      const known = heads.take();
      if (known === undefined) {
        const name = lexer.readIdentifier('a name');
        lexer.expectEquals(name);
        heads.add(name, start, name);
        found.push(`read ${name}`);
      } else found.push(known);
      found.push(String(lexer.readNumber('a number')));
      lexer.skipLines();
    }
    return found;
  }

  it('foretells what came next the last time', () => {
    expect(readAll('a = 1\nb = 2\na = 3\nb = 4\na = 5')).toEqual(['read a', '1', 'read b', '2', 'read a', '3', 'b', '4', 'a', '5']);
  });

  it('leaves what differs to be read', () => {
    expect(readAll('a = 1\nb = 2\na = 3\nbc = 4')).toEqual(['read a', '1', 'read b', '2', 'read a', '3', 'read bc', '4']);
  });

  it('takes blanks that were not there before', () => {
    expect(readAll('a = 1\nb = 2\na = 3\nb =   4\na =5')).toEqual(['read a', '1', 'read b', '2', 'read a', '3', 'b', '4', 'read a', '5']);
  });
});

describe('repeated statements', () => {
  const prims = (statements: readonly string[]): string => `#usda 1.0\n${statements.map((text, i) => `def "P${i}" ${text}\n`).join('')}`;
  const parse = (text: string): ReturnType<typeof parseUsda> => parseUsda('test.usda', bytesOf(text), new ProblemList());

  it('keep qualifiers and types apart', () => {
    const data = parse(
      prims(['{\n float a = 1\n float b = 2\n}', '{\n float a = 3\n double b = 4\n}', '{\n float a = 5\n uniform double b = 6\n}']),
    );
    expect(data.field('/P1.b' as never, 'typeName')?.value).toBe('double');
    expect(data.field('/P1.b' as never, 'variability')?.value).toBe('varying');
    expect(data.field('/P2.b' as never, 'variability')?.value).toBe('uniform');
    expect(data.field('/P2.b' as never, 'default')?.value).toBe(6);
  });

  it('mean relative paths where they stand', () => {
    const item = (path: string): string => `(\n kind = "a"\n prepend inherits = ${path}\n)\n{\n}`;
    const data = parse(prims([item('<../P9>'), item('</P9>'), item('<C>'), item('<C>'), item('</P9>')]));
    const inherits = (path: string): unknown => valueAs(data.field(path as never, 'inheritPaths'), 'pathListOp')?.prependedItems;
    expect(['/P0', '/P1', '/P2', '/P3', '/P4'].map(inherits)).toEqual([['/P9'], ['/P9'], ['/P2/C'], ['/P3/C'], ['/P9']]);
  });

  it('are no metadata of specs that do not have it', () => {
    const text = prims(['(\n kind = "a"\n)\n{\n}', '(\n kind = "b"\n)\n{\n float a = 1 (\n kind = "c"\n )\n}']);
    expect(() => parse(text)).toThrow(/'kind' is not metadata of this/);
  });
});

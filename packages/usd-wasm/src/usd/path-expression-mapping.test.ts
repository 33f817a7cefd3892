import { describe, expect, it } from 'vitest';
import { MapFunction } from '../pcp/map-function.ts';
import type { Path } from '../sdf/path.ts';
import { mapPathExpression } from './path-expression-mapping.ts';

const referenced = MapFunction.ofPair('/R' as Path, '/World/A' as Path, false);

describe('mapPathExpression', () => {
  it.each([
    ['/R/x', '/World/A/x'],
    ['/R//', '/World/A//'],
    ['/R//{isa:Mesh} - /R/Geo/*', '/World/A//{isa:Mesh} - /World/A/Geo/*'],
    ['/R/ab* /R/[ab]c', '/World/A/ab* /World/A/[ab]c'],
    ['%/R/B:plants & ~(/R.attr)', '%/World/A/B:plants & ~(/World/A.attr)'],
    ['%_ + %:own', '%_ + %:own'],
  ])('%s becomes %s', (expression, mapped) => {
    expect(mapPathExpression(expression, referenced)).toBe(mapped);
  });

  it('lets patterns that lead out of the arc match nothing', () => {
    expect(mapPathExpression('/R/a /Other/b', referenced)).toBe('/World/A/a ~//');
    expect(mapPathExpression('//{isa:Mesh}', referenced)).toBe('~//');
  });

  it('leaves everything where nothing is mapped', () => {
    expect(mapPathExpression('//Mesh*', MapFunction.IDENTITY)).toBe('//Mesh*');
  });
});

import { describe, expect, it } from 'vitest';
import { makeValue } from '../vt/value.ts';
import { changeBlock } from './change-block.ts';
import type { ChangeList } from './change-list.ts';
import { Layer } from './layer.ts';
import { ROOT_PATH, type Path } from './path.ts';

const A = '/A' as Path;
const setDoc = (layer: Layer, text: string): void => layer.setField(ROOT_PATH, 'documentation', makeValue('string', text));

describe('changeBlock', () => {
  it('delivers once, at the end of the outermost block, with every layer', () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => Layer.inMemory(name)) as [Layer, Layer, Layer];
    const heard: (readonly Layer[])[] = [];
    const listener = (changes: ReadonlyMap<Layer, ChangeList>): void => void heard.push([...changes.keys()]);
    one.addChangeListener(listener);
    two.addChangeListener(listener);
    const result = changeBlock(() => {
      setDoc(one, 'a');
      changeBlock(() => setDoc(two, 'b'));
      setDoc(three, 'c');
      expect(heard).toEqual([]);
      return 7;
    });
    expect(result).toBe(7);
    expect(heard).toEqual([[one, two]]);
  });

  it('makes a block of its own of each edit outside of one', () => {
    const layer = Layer.inMemory('one');
    let count = 0;
    layer.addChangeListener(() => count++);
    setDoc(layer, 'a');
    setDoc(layer, 'a');
    setDoc(layer, 'b');
    expect(count).toBe(2);
  });

  it('delivers what was done before an error, and passes the error on', () => {
    const layer = Layer.inMemory('one');
    let heard: ChangeList | undefined;
    layer.addChangeListener((changes) => (heard = changes.get(layer)));
    expect(() =>
      changeBlock(() => {
        layer.createPrimSpec(A);
        throw new Error('enough');
      }),
    ).toThrow('enough');
    expect(heard?.get(A)?.isAdded).toBe(true);
    setDoc(layer, 'a');
    expect(heard?.has(ROOT_PATH)).toBe(true);
  });

  it('delivers edits of listeners after the present ones', () => {
    const layer = Layer.inMemory('one');
    const heard: string[] = [];
    layer.addChangeListener((changes) => {
      heard.push(`first ${[...(changes.get(layer) as ChangeList).keys()].join()}`);
      if (!layer.hasSpec(A)) layer.createPrimSpec(A);
    });
    layer.addChangeListener((changes) => heard.push(`second ${[...(changes.get(layer) as ChangeList).keys()].join()}`));
    setDoc(layer, 'a');
    expect(heard).toEqual(['first /', 'second /', 'first /A', 'second /A']);
  });

  it('calls every listener even if one throws, and passes the error on', () => {
    const layer = Layer.inMemory('one');
    let count = 0;
    const end = layer.addChangeListener(() => {
      throw new Error('broken listener');
    });
    layer.addChangeListener(() => count++);
    expect(() => setDoc(layer, 'a')).toThrow('broken listener');
    end();
    setDoc(layer, 'b');
    expect(count).toBe(2);
  });

  it('calls nobody where edits add up to nothing', () => {
    const layer = Layer.inMemory('one');
    let count = 0;
    layer.addChangeListener(() => count++);
    changeBlock(() => {
      layer.createPrimSpec('/A/B' as Path);
      layer.moveSpec('/A/B' as Path, '/B' as Path);
      layer.removeSpec('/B' as Path);
      layer.removeSpec(A);
    });
    expect(count).toBe(0);
    expect(layer.isDirty).toBe(false);
  });
});

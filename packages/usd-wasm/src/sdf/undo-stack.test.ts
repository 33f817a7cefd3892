import { describe, expect, it } from 'vitest';
import { makeValue, valueAs } from '../vt/value.ts';
import { changeBlock } from './change-block.ts';
import type { ChangeList } from './change-list.ts';
import { LayerEditError } from './layer-edit-error.ts';
import { Layer } from './layer.ts';
import { ROOT_PATH, type Path } from './path.ts';
import { UndoStack } from './undo-stack.ts';

const at = (path: string): Path => path as Path;
const docOf = (layer: Layer): string | undefined => valueAs(layer.field(ROOT_PATH, 'documentation'), 'string');
const setDoc = (layer: Layer, text: string): void => layer.setField(ROOT_PATH, 'documentation', makeValue('string', text));

function stackOf(...layers: Layer[]): UndoStack {
  const stack = new UndoStack();
  for (const layer of layers) stack.add(layer);
  return stack;
}

describe('UndoStack', () => {
  it('takes back a block over several layers in one step', () => {
    const [one, two] = [Layer.inMemory('one'), Layer.inMemory('two')];
    const stack = stackOf(one, two);
    changeBlock(() => {
      setDoc(one, 'a');
      setDoc(two, 'b');
    });
    let notices = 0;
    const listener = (changes: ReadonlyMap<Layer, ChangeList>): void => {
      notices++;
      expect([...changes.keys()]).toEqual([one, two]);
    };
    one.addChangeListener(listener);
    two.addChangeListener(listener);
    expect([stack.undo(), docOf(one), docOf(two), stack.undo()]).toEqual([true, undefined, undefined, false]);
    expect([stack.redo(), docOf(one), docOf(two), stack.redo()]).toEqual([true, 'a', 'b', false]);
    expect(notices).toBe(2);
  });

  it('restores the order of children and properties', () => {
    const layer = Layer.inMemory('one');
    for (const name of ['A', 'B', 'C']) layer.createPrimSpec(at(`/${name}`));
    for (const name of ['x', 'y', 'z']) layer.createPropertySpec(at(`/B.${name}`), 'attribute', { typeName: 'int' });
    layer.setTimeSample(at('/B.y'), 3, makeValue('int', 1));
    const stack = stackOf(layer);
    layer.removeSpec(at('/B.y'));
    layer.removeSpec(at('/B'));
    layer.moveSpec(at('/C'), at('/A/C'));
    for (let i = 0; i < 3; i++) stack.undo();
    expect(layer.childNames(ROOT_PATH, 'primChildren')).toEqual(['A', 'B', 'C']);
    expect(layer.childNames(at('/B'), 'properties')).toEqual(['x', 'y', 'z']);
    expect(layer.fieldAs(at('/B.y'), 'timeSamples', 'timeSamples')?.value(0)).toEqual(makeValue('int', 1));
    expect(layer.data.fieldNames(at('/A'))).not.toContain('primChildren');
  });

  it('forgets what was undone when something else is edited', () => {
    const layer = Layer.inMemory('one');
    const stack = stackOf(layer);
    setDoc(layer, 'a');
    stack.undo();
    expect(stack.canRedo).toBe(true);
    setDoc(layer, 'b');
    expect([stack.canRedo, stack.canUndo]).toEqual([false, true]);
    stack.clear();
    expect([stack.canUndo, docOf(layer)]).toEqual([false, 'b']);
  });

  it('keeps as many steps as it is told', () => {
    const layer = Layer.inMemory('one');
    const stack = new UndoStack({ limit: 2 });
    stack.add(layer);
    for (const text of ['a', 'b', 'c']) setDoc(layer, text);
    while (stack.undo());
    expect(docOf(layer)).toBe('a');
  });

  it('takes edits of listeners as steps of their own, also those that an undo leads to', () => {
    const layer = Layer.inMemory('one');
    const stack = stackOf(layer);
    layer.addChangeListener(() => layer.setField(ROOT_PATH, 'comment', makeValue('string', `is ${docOf(layer)}`)));
    setDoc(layer, 'a');
    expect(valueAs(layer.field(ROOT_PATH, 'comment'), 'string')).toBe('is a');
    stack.undo(); // the comment, which the listener writes again
    expect(valueAs(layer.field(ROOT_PATH, 'comment'), 'string')).toBe('is a');
    expect([stack.canUndo, stack.canRedo]).toEqual([true, false]);
  });

  it('leaves layers alone that were removed from it', () => {
    const [one, two] = [Layer.inMemory('one'), Layer.inMemory('two')];
    const stack = stackOf(one, two);
    setDoc(one, 'a');
    setDoc(two, 'b');
    stack.remove(one);
    setDoc(one, 'c');
    expect([stack.undo(), stack.undo(), docOf(one), docOf(two)]).toEqual([true, false, 'c', undefined]);
  });

  it('refuses to work in a block, and on layers that may not be edited any more', () => {
    const layer = Layer.inMemory('one');
    const stack = stackOf(layer);
    setDoc(layer, 'a');
    expect(() => changeBlock(() => stack.undo())).toThrow(RangeError);
    layer.permissionToEdit = false;
    expect(() => stack.undo()).toThrow(LayerEditError);
    layer.permissionToEdit = true;
    expect([stack.undo(), docOf(layer)]).toEqual([true, undefined]);
  });
});

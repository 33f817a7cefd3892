import { describe, expect, it } from 'vitest';
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import { EditTarget } from './edit-target.ts';
import { openText, reopen, textOf } from './fixtures/text-stage.ts';
import { NamespaceEditor } from './namespace-editor.ts';
import type { Prim } from './prim.ts';
import type { Stage } from './stage.ts';

const p = (path: string): Path => path as Path;
const failsWith = (code: string): unknown => expect.objectContaining({ name: 'EditError', code });

function primAt(stage: Stage, path: string): Prim {
  const prim = stage.getPrimAtPath(p(path));
  if (prim === undefined) throw new Error(`no prim at ${path}`);
  return prim;
}

/** Paths and types of every prim, of the stage and of one opened anew, which must be the same. */
async function primsOf(stage: Stage): Promise<string[]> {
  const list = (of: Stage): string[] => {
    const lines: string[] = [];
    const visit = (prim: Prim): void => {
      if (prim.path !== '/') lines.push(prim.typeName === '' ? prim.path : `${prim.path} ${prim.typeName}`);
      prim.allChildren.forEach(visit);
    };
    visit(of.pseudoRoot);
    return lines;
  };
  const lines = list(stage);
  const fresh = await reopen(stage);
  expect(list(fresh)).toEqual(lines);
  expect(fresh.problems).toEqual([]);
  return lines;
}

function move(stage: Stage, from: string, to: string): readonly string[] {
  const editor = new NamespaceEditor(stage);
  if (from.includes('.')) editor.movePropertyAtPath(p(from), p(to));
  else editor.movePrimAtPath(p(from), p(to));
  return editor.applyEdits();
}

function remove(stage: Stage, path: string): readonly string[] {
  const editor = new NamespaceEditor(stage);
  if (path.includes('.')) editor.deletePropertyAtPath(p(path));
  else editor.deletePrimAtPath(p(path));
  return editor.applyEdits();
}

describe('renaming a prim', () => {
  it('moves its specs in every layer of the stack, in place, in one change block', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])\nover "W" { over "B" { int x = 2\n } }',
      's.usda': 'def "W" { reorder nameChildren = ["C", "B"]\n def "A" {}\n def Cube "B" { def "K" {} }\n def "C" {} }',
    });
    let notices = 0;
    stage.addListener('objectsChanged', () => void notices++);
    const editor = new NamespaceEditor(stage);
    editor.renamePrim(primAt(stage, '/W/B'), 'New');
    expect(editor.canApplyEdits()).toEqual({ canApply: true, reasons: [] });
    expect(editor.applyEdits()).toEqual([]);
    expect(notices).toBe(1);
    expect(await primsOf(stage)).toEqual(['/W', '/W/A', '/W/C', '/W/New Cube', '/W/New/K']);
    expect(primAt(stage, '/W/New').getAttribute('x')?.get()).toBe(2);
    expect(textOf(stage.getLayer('s.usda') as Layer)).toContain('reorder nameChildren = ["C", "New"]');
    expect(stage.getLayer('s.usda')?.childNames(p('/W'), 'primChildren')).toEqual(['A', 'New', 'C']);
    expect(editor.canApplyEdits().canApply).toBe(false);
    expect(() => editor.applyEdits()).toThrow(failsWith('edit-namespace'));
  });

  it('leads targets, connections, arcs and the default prim to the new name, in variants too', async () => {
    const stage = await openText({
      'root.usda': `(defaultPrim = "M")
def "M" { def "K" {} }
class "C" {}
def "R" (references = </M>\n inherits = [</C>, </M/K>]\n payload = [@./other.usda@</M>, </M/K>]\n specializes = </M>) {
    rel r = [</M/K>, </Mother>]
    double a
    double a.connect = </M/K.b>
}
def "V" (prepend variantSets = "v") {
    variantSet "v" = { "x" (references = </M>) { delete rel r = </M>
 } }
}
def "Mother" {}`,
      'other.usda': 'def "M" {}',
    });
    expect(move(stage, '/M', '/N')).toEqual([]);
    expect(stage.defaultPrim?.path).toBe('/N');
    const text = textOf(stage.rootLayer);
    expect(text).toContain('inherits = [\n        </C>,\n        </N/K>\n    ]');
    expect(text).toContain('payload = [\n        @./other.usda@</M>,\n        </N/K>\n    ]');
    expect(text).toContain('references = </N>\n    specializes = </N>');
    expect(text).toContain('</N/K>,\n        </Mother>');
    expect(text).toContain('double a.connect = </N/K.b>');
    expect(text).toContain('"x" (\n            references = </N>');
    expect(text).toContain('delete rel r = </N>');
    expect(await primsOf(stage)).toEqual(['/N', '/N/K', '/C', '/R', '/R/K', '/V', '/Mother']);
  });

  it('takes specs of prims along that show it by an ancestral arc', async () => {
    const stage = await openText({
      'root.usda': `class "C" { def "K" {} }
def "I" (inherits = </C>) { over "K" { int x = 1\n }\n rel r = </I/K>
 }
def "J" (references = </I>\n prepend variantSets = "v"\n variants = { string v = "a" }) { over "K" {}
    variantSet "v" = { "a" { over "K" { int y = 2\n } } }
}`,
    });
    expect(move(stage, '/C/K', '/C/L')).toEqual([]);
    expect(await primsOf(stage)).toEqual(['/C', '/C/L', '/I', '/I/L', '/J', '/J/L']);
    expect(primAt(stage, '/J/L').getAttribute('x')?.get()).toBe(1);
    expect(primAt(stage, '/J/L').getAttribute('y')?.get()).toBe(2);
    expect(primAt(stage, '/J').getRelationship('r')?.getTargets()).toEqual(['/J/L']);
    expect(textOf(stage.rootLayer)).not.toContain('K');
  });

  it('changes references of the layer stack to its own layers', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])\ndef "R" (references = @./s.usda@</M/K>) {}',
      's.usda': 'def "M" { def Cube "K" {} }',
    });
    expect(move(stage, '/M', '/N')).toEqual([]);
    expect(textOf(stage.rootLayer)).toContain('references = @./s.usda@</N/K>');
    expect(await primsOf(stage)).toEqual(['/N', '/N/K Cube', '/R Cube']);
  });

  it('changes relocations at and below it', async () => {
    const stage = await openText({
      'root.usda': '(relocates = { </W/R/A>: </W/A>, </W/R/B>: <> })\ndef "W" { def "R" (references = @./m.usda@</M>) {} }',
      'm.usda': 'def "M" { def Cube "A" {}\n def "B" {} }',
    });
    expect(move(stage, '/W', '/New')).toEqual([]);
    expect(await primsOf(stage)).toEqual(['/New', '/New/A Cube', '/New/R']);
  });
});

describe('reparenting a prim', () => {
  it('makes parents where a layer has none, and removes those that are left empty', async () => {
    const stage = await openText({
      'root.usda': '(subLayers = [@./s.usda@])\nover "A" { over "B" { over "K" { int x = 2\n } } }',
      's.usda': 'def "A" { def "B" { def Cube "K" {} } }\ndef "Z" {}',
    });
    const editor = new NamespaceEditor(stage);
    editor.reparentPrim(primAt(stage, '/A/B/K'), primAt(stage, '/Z'), 'L');
    editor.applyEdits();
    expect(await primsOf(stage)).toEqual(['/A', '/A/B', '/Z', '/Z/L Cube']);
    expect(textOf(stage.rootLayer)).not.toContain('over "A"');
    editor.reparentPrim(primAt(stage, '/Z/L'), primAt(stage, '/A/B'), 'K');
    editor.applyEdits();
    expect(textOf(stage.rootLayer)).toBe(
      '(\n    subLayers = [\n        @./s.usda@\n    ]\n)\nover "A"\n{\n    over "B"\n    {\n        over "K"\n        {\n            int x = 2\n        }\n    }\n}',
    );
    editor.reparentPrim(primAt(stage, '/A/B/K'), stage.pseudoRoot);
    editor.applyEdits();
    expect(await primsOf(stage)).toEqual(['/A', '/A/B', '/Z', '/K Cube']);
  });
});

describe('deleting a prim', () => {
  it('removes it from every layer, and what points at it', async () => {
    const stage = await openText({
      'root.usda':
        '(defaultPrim = "M"\n subLayers = [@./s.usda@])\nover "M" {}\ndef "R" (prepend references = [</M>, </N>]\n inherits = </M/K>) { rel r = [</M>, </N>]\n rel only = </M/K>\n }\ndef "N" {}',
      's.usda': 'def "M" { def "K" {} }',
    });
    expect(remove(stage, '/M')).toEqual([]);
    expect(await primsOf(stage)).toEqual(['/R', '/N']);
    const text = textOf(stage.rootLayer);
    expect(text).not.toContain('</M');
    expect(text).not.toContain('defaultPrim');
    expect(text).toContain('prepend references = </N>');
    expect(text).toContain('inherits = None');
    expect(primAt(stage, '/R').getRelationship('r')?.getTargets()).toEqual(['/N']);
  });
});

describe('prims with opinions from across arcs', () => {
  const files = {
    'root.usda': 'def "W" { def "R" (references = @./m.usda@</M>) { over "A" { int x = 5\n } } }',
    'm.usda': 'def "M" { def Cube "A" { def "K" {}\n rel r = </M/A/K>\n }\n def "B" { rel toA = </M/A>\n } }',
  };

  it('are relocated in the layer of the edit target', async () => {
    const stage = await openText(files);
    expect(move(stage, '/W/R/A', '/W/New')).toEqual([]);
    expect(stage.rootLayer.field(p('/'), 'layerRelocates')?.value).toEqual([['/W/R/A', '/W/New']]);
    expect(await primsOf(stage)).toEqual(['/W', '/W/New Cube', '/W/New/K', '/W/R', '/W/R/B']);
    expect(primAt(stage, '/W/New').getAttribute('x')?.get()).toBe(5);
    expect(primAt(stage, '/W/New').getRelationship('r')?.getTargets()).toEqual(['/W/New/K']);
    expect(primAt(stage, '/W/R/B').getRelationship('toA')?.getTargets()).toEqual(['/W/New']);
  });

  it('change the relocation that is there when they move again, and lose it when they move back', async () => {
    const stage = await openText(files);
    move(stage, '/W/R/A', '/W/R/X');
    move(stage, '/W/R/X', '/W/Y');
    expect(stage.rootLayer.field(p('/'), 'layerRelocates')?.value).toEqual([['/W/R/A', '/W/Y']]);
    move(stage, '/W/Y/K', '/W/K');
    expect(stage.rootLayer.field(p('/'), 'layerRelocates')?.value).toEqual([
      ['/W/R/A', '/W/Y'],
      ['/W/Y/K', '/W/K'],
    ]);
    expect(await primsOf(stage)).toEqual(['/W', '/W/K', '/W/Y Cube', '/W/R', '/W/R/B']);
    const editor = new NamespaceEditor(stage);
    editor.movePrimAtPath(p('/W/R/B'), p('/W/R/A'));
    expect(editor.canApplyEdits().reasons[0]).toContain('relocated');
    move(stage, '/W/K', '/W/Y/K');
    move(stage, '/W/Y', '/W/R/A');
    expect(stage.rootLayer.field(p('/'), 'layerRelocates')).toBeUndefined();
    expect(await primsOf(stage)).toEqual(['/W', '/W/R', '/W/R/A Cube', '/W/R/A/K', '/W/R/B']);
  });

  it('are relocated to nothing when they are deleted', async () => {
    const stage = await openText(files);
    expect(remove(stage, '/W/R/A')).toEqual([]);
    expect(textOf(stage.rootLayer)).toContain('</W/R/A>: <>');
    expect(await primsOf(stage)).toEqual(['/W', '/W/R', '/W/R/B']);
    expect(textOf(stage.rootLayer)).not.toContain('over');
    move(stage, '/W/R/B', '/W/B');
    remove(stage, '/W/B');
    expect(stage.rootLayer.field(p('/'), 'layerRelocates')?.value).toEqual([
      ['/W/R/A', ''],
      ['/W/R/B', ''],
    ]);
  });

  it('go without a relocation when their arc is their own', async () => {
    const stage = await openText(files);
    expect(move(stage, '/W/R', '/W/S')).toEqual([]);
    expect(stage.rootLayer.field(p('/'), 'layerRelocates')).toBeUndefined();
    expect(await primsOf(stage)).toEqual(['/W', '/W/S', '/W/S/A Cube', '/W/S/A/K', '/W/S/B']);
  });

  it('in a variant are relocated too', async () => {
    const stage = await openText({
      'root.usda': 'def "A" (variants = { string v = "x" }\n prepend variantSets = "v") { variantSet "v" = { "x" { def Cube "K" {} } } }',
    });
    move(stage, '/A/K', '/A/L');
    expect(await primsOf(stage)).toEqual(['/A', '/A/L Cube']);
  });

  it('stay where they are when relocations are not allowed, or in read-only layers', async () => {
    const stage = await openText(files);
    const editor = new NamespaceEditor(stage, { allowRelocatesAuthoring: false });
    editor.deletePrimAtPath(p('/W/R/A'));
    expect(editor.canApplyEdits()).toEqual({ canApply: false, reasons: [expect.stringContaining('not allowed')] });
    stage.rootLayer.permissionToEdit = false;
    const other = new NamespaceEditor(stage);
    other.deletePrimAtPath(p('/W/R/A'));
    expect(() => other.applyEdits()).toThrow(failsWith('edit-namespace'));
    expect(stage.rootLayer.isDirty).toBe(false);
  });

  it('warn of targets that only a relocation would lead along', async () => {
    const stage = await openText({
      'root.usda': 'def "M" (references = @./m.usda@</M>) {}\ndef "K" {}',
      'm.usda': 'def "M" { rel r = </M/A>\n def "A" {} }',
    });
    stage.definePrim(p('/M/Own'));
    expect(move(stage, '/M/Own', '/M/Mine')).toEqual([]);
    const target = await openText({
      'root.usda': '(subLayers = [@./s.usda@])\ndef "W" { def "K" {} }',
      's.usda': 'over "W" (references = @./m.usda@</M>) {}',
      'm.usda': 'def "M" { rel r = </M/K>\n }',
    });
    expect(move(target, '/W/K', '/W/L')).toEqual([expect.stringContaining('</W.r> points at </W/K>')]);
  });
});

describe('properties', () => {
  it('are renamed, moved and deleted with what points at them', async () => {
    const stage = await openText({
      'root.usda':
        '(subLayers = [@./s.usda@])\nover "A" { custom int x = 2\n reorder properties = ["x", "y"]\n }\ndef "B" { int c\n int c.connect = </A.x>\n rel r = </A.x>\n }',
      's.usda': 'def "A" { custom int x = 1\n custom int y\n }',
    });
    const editor = new NamespaceEditor(stage);
    const attribute = primAt(stage, '/A').getAttribute('x');
    if (attribute === undefined) throw new Error('no attribute');
    editor.renameProperty(attribute, 'z:w');
    expect(editor.applyEdits()).toEqual([]);
    expect(primAt(stage, '/A').getAttribute('z:w')?.get()).toBe(2);
    expect(primAt(stage, '/B').getAttribute('c')?.getConnections()).toEqual(['/A.z:w']);
    expect(textOf(stage.rootLayer)).toContain('reorder properties = ["z:w", "y"]');
    editor.reparentProperty(primAt(stage, '/A').getAttribute('z:w') ?? attribute, primAt(stage, '/B'), 'x');
    editor.applyEdits();
    expect(
      primAt(await reopen(stage), '/B')
        .getAttribute('x')
        ?.get(),
    ).toBe(2);
    expect(textOf(stage.rootLayer)).toContain('rel r = </B.x>');
    remove(stage, '/B.x');
    expect(primAt(stage, '/B').getAttribute('x')).toBeUndefined();
    expect(primAt(stage, '/B').getRelationship('r')?.getTargets()).toEqual([]);
  });

  it('that are built in, or come across arcs, cannot be edited', async () => {
    const stage = await openText({
      'root.usda': 'def Cube "A" (references = @./m.usda@</M>) { int own\n }',
      'm.usda': 'def "M" { custom int x\n }',
    });
    const reasons = (from: string, to: string): readonly string[] => {
      const editor = new NamespaceEditor(stage);
      editor.movePropertyAtPath(p(from), p(to));
      return editor.canApplyEdits().reasons;
    };
    expect(reasons('/A.size', '/A.y')).toEqual([expect.stringContaining('built into')]);
    expect(reasons('/A.x', '/A.y')).toEqual([expect.stringContaining('across arcs')]);
    expect(reasons('/A.none', '/A.y')).toEqual(['there is no property at </A.none>']);
    expect(reasons('/A.own', '/A.x')).toEqual(['there is an object at </A.x> already']);
    expect(reasons('/A.own', '/B.x')).toEqual(['there is no prim at </B>']);
    expect(reasons('/A.own', '/A.size')).toEqual(['there is an object at </A.size> already']);
  });
});

describe('edits that cannot be made', () => {
  it('say why', async () => {
    const stage = await openText({
      'root.usda': 'def "A" { def "K" {} }\ndef "B" {}\ndef "I" (instanceable = true\n references = </M>) {}\ndef "M" { def "Geo" {} }',
    });
    const reasons = (from: string, to: string): readonly string[] => {
      const editor = new NamespaceEditor(stage);
      editor.movePrimAtPath(p(from), p(to));
      return editor.canApplyEdits().reasons;
    };
    expect(reasons('/None', '/X')).toEqual(['there is no prim at </None>']);
    expect(reasons('/A', '/B')).toEqual(['there is an object at </B> already']);
    expect(reasons('/A', '/None/A')).toEqual(['there is no prim at </None>']);
    expect(reasons('/A', '/A/K/A')).toEqual(['the new parent is the prim itself, or below it']);
    expect(reasons('/I/Geo', '/Geo')).toEqual(['the prim is shared by instances']);
    expect(reasons('/A', '/I/A')).toEqual(['the new parent is an instance, whose children come from its prototype alone']);
    expect(reasons('/A', '/I/Geo/A')).toEqual(['the new parent is shared by instances']);
    expect(reasons('/__Prototype_1/Geo', '/Geo')).toEqual(['the prim belongs to a prototype']);
    stage.editTarget = EditTarget.forLocalDirectVariant(stage.rootLayer, p('/A{v=x}'));
    expect(reasons('/A', '/X')).toEqual([expect.stringContaining('across an arc')]);
    const editor = new NamespaceEditor(stage);
    for (const path of ['A', '/A.x', '/A{v=x}K', '/'])
      expect(() => editor.deletePrimAtPath(p(path))).toThrow(failsWith('edit-invalid-path'));
    expect(() => editor.renamePrim(primAt(stage, '/A'), 'a b')).toThrow(failsWith('edit-invalid-path'));
    expect(() => editor.deletePropertyAtPath(p('/A'))).toThrow(failsWith('edit-invalid-path'));
    expect(() => editor.movePropertyAtPath(p('/A.x'), p('/A.'))).toThrow(failsWith('edit-invalid-path'));
    expect(stage.rootLayer.isDirty).toBe(false);
  });
});

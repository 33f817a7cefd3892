/**
 * The synthetic scene of the parts "composing" and "editing": 10,000 prims in 100 groups, each with a reference to one of 100 assets; an
 * asset is a model of 9 prims below its root. With groups, the world and the root that is 100,102 prims from 10,000 references and 101 layers.
 */
const GROUPS = 100;
const REFERENCES_PER_GROUP = 100;
const ASSETS = 100;
const PARTS = 9;

export const PRIMS = 1 + GROUPS + GROUPS * REFERENCES_PER_GROUP * (PARTS + 1);
export const REFERENCES = GROUPS * REFERENCES_PER_GROUP;

const bytes = (text) => new TextEncoder().encode(text);

/** Text layers by identifier. */
export function sceneFiles() {
  const files = new Map([['scene.usda', bytes(sceneText())]]);
  for (let asset = 0; asset < ASSETS; asset++) files.set(`assets/asset_${asset}.usda`, bytes(assetText(asset)));
  return files;
}

function sceneText() {
  const lines = ['#usda 1.0', '(', '    defaultPrim = "World"', ')', '', 'def Xform "World"', '{'];
  for (let group = 0; group < GROUPS; group++) {
    lines.push(`    def Xform "Group_${group}"`, '    {');
    for (let i = 0; i < REFERENCES_PER_GROUP; i++) {
      const number = group * REFERENCES_PER_GROUP + i;
      lines.push(
        `        def "Model_${i}" (`,
        `            prepend references = @./assets/asset_${number % ASSETS}.usda@`,
        '        )',
        '        {',
        `            double3 xformOp:translate = (${i}, ${group}, 0)`,
        '            uniform token[] xformOpOrder = ["xformOp:translate"]',
        '        }',
      );
    }
    lines.push('    }');
  }
  lines.push('}', '');
  return lines.join('\n');
}

function assetText(asset) {
  const lines = ['#usda 1.0', '(', '    defaultPrim = "Model"', ')', '', 'def Xform "Model" (', '    kind = "component"', ')', '{'];
  for (let part = 0; part < PARTS; part++) {
    lines.push(
      `    def Cube "Part_${part}"`,
      '    {',
      `        double size = ${1 + part / 8}`,
      `        color3f[] primvars:displayColor = [(${asset / ASSETS}, ${part / PARTS}, 0.5)]`,
      `        double3 xformOp:translate = (${part}, 0, 0)`,
      '        uniform token[] xformOpOrder = ["xformOp:translate"]',
      '    }',
    );
  }
  lines.push('}', '');
  return lines.join('\n');
}

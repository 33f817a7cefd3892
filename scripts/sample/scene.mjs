/** The sample scene as USDA text: a toy theatre with an orrery. Units are metres, Y is up. */
import { lathe, smoothProfile, surface } from './surfaces.mjs';

const FRAMES = 240;

export function sceneText() {
  return `#usda 1.0
(
    defaultPrim = "Theatre"
    doc = "A toy theatre with an orrery: the sample scene of Proscenium"
    endTimeCode = ${FRAMES}
    framesPerSecond = 24
    metersPerUnit = 1
    startTimeCode = 0
    timeCodesPerSecond = 24
    upAxis = "Y"
)

def Xform "Theatre" (
    kind = "assembly"
    variants = {
        string scenery = "dusk"
    }
    prepend variantSets = "scenery"
)
{
    variantSet "scenery" = {
${[scenery('dusk', [0.95, 0.45, 0.26], [-0.05, -0.05, 0.07]), scenery('dawn', [0.55, 0.7, 0.8], [0.1, 0.04, 0.0]), scenery('night', [0.1, 0.17, 0.4], [-0.01, -0.01, 0.02])].join('\n')}
    }
${house()}
${orrery()}
${vases()}
${footlights()}
${materials()}
    def Camera "Audience"
    {
        float2 clippingRange = (0.1, 100)
        float focalLength = 42
        float horizontalAperture = 36
        float verticalAperture = 20.25
        double3 xformOp:translate = (1.15, 2.2, 10.2)
        float3 xformOp:rotateXYZ = (-1.8, 6.4, 0)
        uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:rotateXYZ"]
    }
}

class Xform "_Vase" (
    variants = {
        string glaze = "celadon"
    }
    prepend variantSets = "glaze"
)
{
${vase()}
    variantSet "glaze" = {
${[glaze('celadon', [0.36, 0.62, 0.5]), glaze('cobalt', [0.05, 0.14, 0.5]), glaze('copper', [0.62, 0.2, 0.08])].join('\n')}
    }
}
`;
}

function scenery(name, scale, bias) {
  return `        "${name}" {
            over "Looks"
            {
                over "Painting"
                {
                    over "Picture"
                    {
                        float4 inputs:scale = (${scale.join(', ')}, 1)
                        float4 inputs:bias = (${bias.join(', ')}, 0)
                    }
                }
            }
        }`;
}

function glaze(name, color) {
  return `        "${name}" {
            over "Looks"
            {
                over "Glaze"
                {
                    over "Surface"
                    {
                        color3f inputs:diffuseColor = (${color.join(', ')})
                    }
                }
            }
        }`;
}

function house() {
  const opening = archPath(2.2, 2.35, 1.05, 14);
  const profile = [
    [0, -0.16],
    [0, 0.1],
    [0.05, 0.17],
    [0.12, 0.13],
    [0.16, 0.2],
    [0.24, 0.22],
    [0.3, 0.12],
    [0.34, 0.12],
    [0.36, 0.02],
  ];
  const moulding = surface(
    opening.length - 1,
    profile.length - 1,
    (u, v) => {
      const { x, y, nx, ny } = opening[Math.round(u * (opening.length - 1))];
      const [out, z] = profile[Math.round(v * (profile.length - 1))];
      return [x + nx * out, y + ny * out, z];
    },
    { uvScale: [16, 1.2] },
  );
  const rowLength = opening.length - 1;
  const crown = Math.floor(rowLength / 2);
  const keystone = [];
  for (let row = 0; row < profile.length - 1; row++) for (const column of [crown - 1, crown]) keystone.push(row * rowLength + column);
  const gilt = moulding.counts.map((_, face) => face).filter((face) => !keystone.includes(face));
  const wall = surface(
    opening.length - 1,
    1,
    (u, v) => {
      const { x, y, nx, ny } = opening[Math.round(u * (opening.length - 1))];
      if (v < 0.5) return [x + nx * 0.34, y + ny * 0.34, 0.02];
      const reach = Math.min(Math.abs(nx) > 1e-6 ? (3.25 - Math.abs(x)) / Math.abs(nx) : 99, ny > 1e-6 ? (4.25 - y) / ny : 99);
      return [x + nx * reach, y + ny * reach, 0.02];
    },
    { uvScale: [6, 1] },
  );
  const floor = surface(24, 6, (u, v) => {
    const angle = Math.PI * u;
    const front = [-Math.cos(angle) * 3.25, 0, 0.35 + Math.sin(angle) * 1.25];
    const back = [-3.25 + 6.5 * u, 0, -2.2];
    return front.map((value, axis) => value * (1 - v) + back[axis] * v);
  });
  floor.st = floor.indices.flatMap((index) => [floor.points[index * 3] * 0.32 + 0.5, floor.points[index * 3 + 2] * 0.32]);
  const apron = surface(
    24,
    1,
    (u, v) => {
      const angle = Math.PI * u;
      return [-Math.cos(angle) * 3.25, v * 0.32 - 0.32, 0.35 + Math.sin(angle) * 1.25];
    },
    { uvScale: [9, 0.5] },
  );
  const painting = surface(20, 1, (u, v) => {
    const angle = Math.PI * (0.86 - 0.72 * u);
    return [Math.cos(angle) * 3.1, v * 3.9, -0.4 - Math.sin(angle) * 1.75];
  });
  const valance = surface(
    72,
    5,
    (u, v) => {
      const fold = Math.sin(u * Math.PI * 44) * 0.045 + Math.sin(u * Math.PI * 15) * 0.02;
      const hem = 0.62 + 0.16 * Math.cos(u * Math.PI * 10);
      return [-2.3 + 4.6 * u, 3.5 - hem * (1 - v), -0.2 + fold];
    },
    { uvScale: [8, 1] },
  );
  return `    def Xform "House" (
        kind = "group"
    )
    {
${mesh('Moulding', moulding, { material: 'Gilt', extra: subset('keystone', keystone, 'Porcelain') + subset('gilding', gilt, 'Gilt') })}
${mesh('Wall', wall, { material: 'Plaster', scheme: 'none', isDoubleSided: true })}
${mesh('Floor', floor, { material: 'Planks', scheme: 'none' })}
${mesh('Apron', apron, { material: 'Planks', scheme: 'none' })}
${mesh('Painting', painting, { material: 'Painting', scheme: 'none', isDoubleSided: true })}
${mesh('CurtainLeft', curtain(-1), { material: 'Velvet', isDoubleSided: true })}
${mesh('CurtainRight', curtain(1), { material: 'Velvet', isDoubleSided: true })}
${mesh('Valance', valance, { material: 'Velvet', isDoubleSided: true })}
    }
`;
}

/** The opening's outline, left foot over the arch to the right foot, with outward normals. */
function archPath(halfWidth, springing, rise, arcSteps) {
  const path = [];
  for (let i = 0; i < 6; i++) path.push({ x: -halfWidth, y: (springing * i) / 6, nx: -1, ny: 0 });
  for (let i = 0; i <= arcSteps * 2; i++) {
    const angle = Math.PI * (1 - i / (arcSteps * 2));
    const [nx, ny] = [Math.cos(angle) / halfWidth, Math.sin(angle) / rise];
    const length = Math.hypot(nx, ny);
    path.push({ x: Math.cos(angle) * halfWidth, y: springing + Math.sin(angle) * rise, nx: nx / length, ny: ny / length });
  }
  for (let i = 5; i >= 0; i--) path.push({ x: halfWidth, y: (springing * i) / 6, nx: 1, ny: 0 });
  return path;
}

/** A curtain drawn to one side and tied back at 1.3 m. */
function curtain(side) {
  return surface(
    54,
    14,
    (u, v) => {
      const height = 3.35 * v;
      const gather = height < 1.3 ? 0.5 + 0.22 * ((1.3 - height) / 1.3) ** 1.5 : 0.5 + 0.5 * ((height - 1.3) / 2.05) ** 1.6;
      const across = side < 0 ? u : 1 - u;
      const x = -2.28 + 1.25 * gather * across;
      const fold = Math.sin(across * Math.PI * 17) * 0.06 * (0.55 + 0.45 * gather) + Math.sin(across * Math.PI * 5 + height) * 0.02;
      return [side < 0 ? x : -x, height + 0.01, -0.32 + fold];
    },
    { uvScale: [3, 4] },
  );
}

function orrery() {
  const stand = lathe(
    smoothProfile(
      [
        [0.55, 0],
        [0.56, 0.05],
        [0.42, 0.1],
        [0.2, 0.16],
        [0.1, 0.3],
        [0.075, 0.55],
        [0.12, 0.72],
        [0.07, 0.82],
        [0.045, 1.05],
        [0.05, 1.3],
        [0.001, 1.34],
      ],
      3,
    ),
    28,
    [8, 6],
  );
  return `    def Xform "Orrery" (
        kind = "component"
    )
    {
        double3 xformOp:translate = (0, 0, -0.55)
        uniform token[] xformOpOrder = ["xformOp:translate"]
${mesh('Stand', stand, { material: 'Brass' })}
        def Sphere "Sun"
        {
            rel material:binding = </Theatre/Looks/Sun>
            double radius = 0.27
            float3 xformOp:translate = (0, 1.5, 0)
            uniform token[] xformOpOrder = ["xformOp:translate"]
        }
${planet('Mercury', 0.62, 0.085, 1.5, 4, 30, 'Terracotta')}
${planet('Neptune', 0.98, 0.16, 1.5, 2, 150, 'Enamel')}
${planet('Jupiter', 1.42, 0.25, 1.5, -1, 215, 'Bands', ring())}
${planet('Bubble', 1.22, 0.19, 1.9, 1, 300, 'Glass')}
    }
`;
}

/** One arm: a rod and a planet, turning about the sun a whole number of times in the scene's range. */
function planet(name, distance, radius, height, turns, start, material, extra = '') {
  return `        def Xform "${name}"
        {
            float xformOp:rotateY:orbit.timeSamples = {
                0: ${start},
                ${FRAMES}: ${start + turns * 360},
            }
            uniform token[] xformOpOrder = ["xformOp:rotateY:orbit"]
            def Cylinder "Arm"
            {
                uniform token axis = "X"
                rel material:binding = </Theatre/Looks/Brass>
                double height = ${(distance - radius * 0.8).toFixed(3)}
                double radius = 0.014
                double3 xformOp:translate = (${((distance - radius * 0.8) / 2).toFixed(3)}, 1.18, 0)
                uniform token[] xformOpOrder = ["xformOp:translate"]
            }
            def Cylinder "Pin"
            {
                uniform token axis = "Y"
                rel material:binding = </Theatre/Looks/Brass>
                double height = ${(height - 1.18).toFixed(3)}
                double radius = 0.012
                double3 xformOp:translate = (${(distance - radius * 0.8).toFixed(3)}, ${((height + 1.18) / 2 - radius * 0.5).toFixed(3)}, 0)
                uniform token[] xformOpOrder = ["xformOp:translate"]
            }
            def Xform "Body"
            {
                double3 xformOp:translate = (${(distance - radius * 0.8).toFixed(3)}, ${height}, 0)
                float xformOp:rotateZ = 18
                float xformOp:rotateY:spin.timeSamples = {
                    0: 0,
                    ${FRAMES}: 1440,
                }
                uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:rotateZ", "xformOp:rotateY:spin"]
${mesh('Globe', globe(radius), { material, indent: '                ' })}
${extra}
            }
        }
`;
}

function globe(radius) {
  return surface(
    24,
    12,
    (u, v) => {
      const [longitude, latitude] = [-u * Math.PI * 2, (v - 0.5) * Math.PI];
      return [
        Math.cos(latitude) * Math.cos(longitude) * radius,
        Math.sin(latitude) * radius,
        Math.cos(latitude) * Math.sin(longitude) * radius,
      ];
    },
    { isClosed: true },
  );
}

function ring() {
  const disc = surface(
    48,
    1,
    (u, v) => {
      const radius = 0.33 + 0.19 * v;
      return [Math.cos(u * Math.PI * 2) * radius, 0, Math.sin(u * Math.PI * 2) * radius];
    },
    { isClosed: true },
  );
  disc.st = disc.st.map((_, index) => (index % 2 === 0 ? disc.st[index + 1] : 0.5));
  return mesh('Ring', disc, { material: 'Ring', scheme: 'none', isDoubleSided: true, indent: '                ' });
}

function vase() {
  const profile = smoothProfile(
    [
      [0.001, 0],
      [0.13, 0.005],
      [0.15, 0.04],
      [0.2, 0.18],
      [0.245, 0.36],
      [0.2, 0.56],
      [0.1, 0.68],
      [0.08, 0.78],
      [0.115, 0.86],
      [0.1, 0.855],
      [0.07, 0.78],
      [0.06, 0.6],
    ],
    3,
  );
  const body = lathe(profile, 32, [3, 3]);
  const columns = 32;
  const faces = body.counts.map((_, face) => face);
  const foot = faces.filter((face) => Math.floor(face / columns) < 9);
  const glazed = faces.filter((face) => Math.floor(face / columns) >= 9);
  return `${mesh('Body', body, { material: 'Glaze', looks: '/_Vase/Looks', extra: subset('foot', foot, 'Clay', '/_Vase/Looks') + subset('glazed', glazed, 'Glaze', '/_Vase/Looks') })}
    def Scope "Looks"
    {
${material('Glaze', '/_Vase/Looks', { roughness: 0.22, clearcoat: 1, clearcoatRoughness: 0.04 })}
${material('Clay', '/_Vase/Looks', { diffuseColor: [0.52, 0.27, 0.16], roughness: 0.9 })}
    }`;
}

function vases() {
  const place = (name, x, z, turn, selection) => `    def Xform "${name}" (
        instanceable = true
        prepend references = </_Vase>
        variants = {
            string glaze = "${selection}"
        }
    )
    {
        double3 xformOp:translate = (${x}, 0, ${z})
        float xformOp:rotateY = ${turn}
        uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:rotateY"]
    }
`;
  return (
    place('VaseLeft', -2.55, 0.78, 0, 'celadon') +
    place('VaseRight', 2.55, 0.78, 40, 'cobalt') +
    place('VaseStage', -1.45, -0.75, 10, 'copper')
  );
}

function footlights() {
  const positions = [];
  for (let i = 0; i < 11; i++) {
    const angle = Math.PI * (0.12 + (0.76 * i) / 10);
    positions.push(`(${(-Math.cos(angle) * 3.02).toFixed(3)}, 0.05, ${(0.35 + Math.sin(angle) * 1.08).toFixed(3)})`);
  }
  return `    def PointInstancer "Footlights"
    {
        point3f[] positions = [${positions.join(', ')}]
        int[] protoIndices = [${positions.map(() => 0).join(', ')}]
        rel prototypes = </Theatre/Footlights/Lamp>
        def Xform "Lamp"
        {
            def Sphere "Bulb"
            {
                rel material:binding = </Theatre/Looks/Bulb>
                double radius = 0.05
                float3 xformOp:translate = (0, 0.05, 0)
                uniform token[] xformOpOrder = ["xformOp:translate"]
            }
            def Cone "Shade"
            {
                uniform token axis = "Y"
                rel material:binding = </Theatre/Looks/Brass>
                double height = 0.11
                double radius = 0.075
            }
        }
    }
`;
}

function materials() {
  const wood = { file: 'textures/wood.png', scale: [0.52, 0.3, 0.16, 1], bias: [-0.02, -0.02, -0.02, 0], isColor: true };
  const all = [
    material('Planks', '/Theatre/Looks', {
      diffuseColor: wood,
      roughness: { file: 'textures/wood.png', scale: [-0.5, -0.5, -0.5, 1], bias: [0.72, 0.72, 0.72, 0], channel: 'r' },
      normal: { file: 'textures/wood_normal.png', isNormal: true },
    }),
    material('Gilt', '/Theatre/Looks', {
      diffuseColor: [0.95, 0.68, 0.28],
      metallic: 1,
      roughness: 0.3,
      normal: { file: 'textures/hammered_normal.png', isNormal: true },
    }),
    material('Brass', '/Theatre/Looks', { diffuseColor: [0.83, 0.6, 0.3], metallic: 1, roughness: 0.24 }),
    material('Porcelain', '/Theatre/Looks', { diffuseColor: [0.9, 0.88, 0.82], roughness: 0.3, clearcoat: 1, clearcoatRoughness: 0.03 }),
    material('Plaster', '/Theatre/Looks', { diffuseColor: [0.035, 0.11, 0.12], roughness: 0.7 }),
    material('Velvet', '/Theatre/Looks', { diffuseColor: [0.42, 0.012, 0.03], roughness: 0.82 }),
    material('Painting', '/Theatre/Looks', {
      diffuseColor: { name: 'Picture', file: 'textures/hills.png', isColor: true, wrap: 'clamp' },
      roughness: 0.95,
    }),
    material('Sun', '/Theatre/Looks', { diffuseColor: [0.9, 0.5, 0.1], emissiveColor: [1.6, 0.75, 0.12], roughness: 0.5 }),
    material('Bulb', '/Theatre/Looks', { diffuseColor: [1, 0.8, 0.5], emissiveColor: [1.5, 1.0, 0.5], roughness: 0.4 }),
    material('Terracotta', '/Theatre/Looks', { diffuseColor: [0.6, 0.2, 0.1], roughness: 0.85 }),
    material('Enamel', '/Theatre/Looks', { diffuseColor: [0.04, 0.16, 0.55], roughness: 0.35, clearcoat: 1, clearcoatRoughness: 0.02 }),
    material('Glass', '/Theatre/Looks', { diffuseColor: [0.75, 0.93, 0.95], roughness: 0.03, opacity: 0.28, ior: 1.5 }),
    material('Bands', '/Theatre/Looks', {
      diffuseColor: { file: 'textures/bands.png', scale: [0.85, 0.62, 0.42, 1], bias: [0.1, 0.04, 0.02, 0], isColor: true },
      roughness: 0.45,
    }),
    material('Ring', '/Theatre/Looks', {
      diffuseColor: [0.86, 0.74, 0.55],
      roughness: 0.6,
      opacity: { file: 'textures/rings.png', channel: 'r', wrap: 'clamp' },
      opacityThreshold: 0.45,
    }),
  ];
  return `    def Scope "Looks"
    {
${all.join('\n')}
    }
`;
}

/** A UsdPreviewSurface: inputs are numbers, colours, or textures. */
function material(name, scope, inputs) {
  const path = `${scope}/${name}`;
  const nodes = [];
  const lines = Object.entries(inputs).map(([input, value]) => {
    const type = ['diffuseColor', 'emissiveColor'].includes(input) ? 'color3f' : input === 'normal' ? 'normal3f' : 'float';
    if (typeof value === 'number') return `                ${type} inputs:${input} = ${value}`;
    if (Array.isArray(value)) return `                ${type} inputs:${input} = (${value.join(', ')})`;
    const node = value.name ?? `${input[0].toUpperCase()}${input.slice(1)}Texture`;
    nodes.push(textureNode(path, node, value));
    return `                ${type} inputs:${input}.connect = <${path}/${node}.outputs:${value.channel ?? 'rgb'}>`;
  });
  if (nodes.length > 0) {
    nodes.push(`            def Shader "Coordinates"
            {
                uniform token info:id = "UsdPrimvarReader_float2"
                string inputs:varname = "st"
                float2 outputs:result
            }`);
  }
  return `        def Material "${name}"
        {
            token outputs:surface.connect = <${path}/Surface.outputs:surface>
            def Shader "Surface"
            {
                uniform token info:id = "UsdPreviewSurface"
${lines.join('\n')}
                token outputs:surface
            }
${nodes.join('\n')}
        }`;
}

function textureNode(path, name, { file, scale, bias, isColor = false, isNormal = false, channel, wrap = 'repeat' }) {
  const [s, b] = isNormal
    ? [
        [2, 2, 2, 1],
        [-1, -1, -1, 0],
      ]
    : [scale, bias];
  return `            def Shader "${name}"
            {
                uniform token info:id = "UsdUVTexture"
                asset inputs:file = @${file}@
                float2 inputs:st.connect = <${path}/Coordinates.outputs:result>
                token inputs:sourceColorSpace = "${isColor ? 'sRGB' : 'raw'}"
                token inputs:wrapS = "${wrap}"
                token inputs:wrapT = "${wrap}"
${s === undefined ? '' : `                float4 inputs:scale = (${s.join(', ')})\n`}${b === undefined ? '' : `                float4 inputs:bias = (${b.join(', ')})\n`}                ${channel === undefined ? 'float3 outputs:rgb' : `float outputs:${channel}`}
            }`;
}

function mesh(
  name,
  { points, counts, indices, st },
  { material: look, looks = '/Theatre/Looks', scheme = 'catmullClark', isDoubleSided = false, extra = '', indent = '        ' },
) {
  const axes = [0, 1, 2].map((axis) => points.filter((_, index) => index % 3 === axis));
  const low = axes.map((values) => round(Math.min(...values)));
  const high = axes.map((values) => round(Math.max(...values)));
  const text = `def Mesh "${name}" (
    prepend apiSchemas = ["MaterialBindingAPI"]
)
{
${isDoubleSided ? '    uniform bool doubleSided = 1\n' : ''}    float3[] extent = [(${low.join(', ')}), (${high.join(', ')})]
    int[] faceVertexCounts = [${counts.join(', ')}]
    int[] faceVertexIndices = [${indices.join(', ')}]
    rel material:binding = <${looks}/${look}>
    point3f[] points = [${tuples(points, 3)}]
    texCoord2f[] primvars:st = [${tuples(st, 2)}] (
        interpolation = "faceVarying"
    )
    uniform token subdivisionScheme = "${scheme}"
${extra}}`;
  return text.replaceAll(/^/gmu, indent);
}

function subset(name, faces, look, looks = '/Theatre/Looks') {
  return `    def GeomSubset "${name}" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {
        uniform token elementType = "face"
        uniform token familyName = "materialBind"
        int[] indices = [${faces.join(', ')}]
        rel material:binding = <${looks}/${look}>
    }
`;
}

function tuples(values, width) {
  const rows = [];
  for (let i = 0; i < values.length; i += width)
    rows.push(
      `(${values
        .slice(i, i + width)
        .map(round)
        .join(', ')})`,
    );
  return rows.join(', ');
}

function round(value) {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Object.is(rounded, -0) ? 0 : rounded;
}

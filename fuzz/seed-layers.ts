/** Small scenes that inputs are made from, one per area of the format, and the files beside them that they refer to. */
import { parseUsda, writePackage, writeUsdc } from 'usd-wasm';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Text layers, laid out tightly. They refer to `a.usda`, `b.usdc`, `c.usdz`, `clip.N.usda` and to each other as `root.usda`. */
const TIGHT: Readonly<Record<string, string>> = {
  geometry: `(
    defaultPrim = "World"
    metersPerUnit = 1
    upAxis = "Y"
    startTimeCode = 1
    endTimeCode = 4
)
def Xform "World" {
    matrix4d xformOp:transform = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (1, 2, 3, 1))
    uniform token[] xformOpOrder = ["xformOp:transform", "!invert!xformOp:rotateXYZ:a", "!resetXformStack!"]
    float3 xformOp:rotateXYZ:a.timeSamples = { 0: (0, 0, 0), 2: (90, 0, 0), 3: None }
    def Mesh "Quad" (prepend apiSchemas = ["MaterialBindingAPI", "SkelBindingAPI"]) {
        int[] faceVertexCounts = [4, 3]
        int[] faceVertexIndices = [0, 1, 2, 3, 2, 1, 0]
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
        point3f[] points.timeSamples = { 1: [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], 2: [(0, 0, 9), (1, 0, 0), (1, 1, 0), (0, 1, 0)] }
        float3[] extent = [(0, 0, 0), (1, 1, 0)]
        texCoord2f[] primvars:st = [(0, 0), (1, 0), (1, 1)] (interpolation = "faceVarying")
        int[] primvars:st:indices = [0, 1, 2, 0, 2, 1, 0]
        color3f[] primvars:displayColor = [(1, 0.5, 0)] (
            interpolation = "constant"
            elementSize = 1
        )
        def GeomSubset "Part" { uniform token elementType = "face"
            int[] indices = [0, 1]
            uniform token familyName = "materialBind"
        }
    }
    def Sphere "Ball" { double radius = 1.5 }
    def Cube "Box" { double size.timeSamples = { 0: 1, 10: 3e2 } }
    def Camera "Eye" { float focalLength = 35
        float2 clippingRange = (0.1, 1e6)
    }
    def SphereLight "Lamp" { float inputs:intensity = 100
        color3f inputs:color = (1, 1, 0.5)
    }
    def BasisCurves "Hair" { int[] curveVertexCounts = [2, 3]
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (2, 2, 2)]
        float[] widths = [0.1]
        uniform token type = "linear"
    }
}
`,
  arcs: `(
    subLayers = [@./a.usda@ (offset = 10; scale = 0.5), @./b.usdc@]
    defaultPrim = "Model"
    timeCodesPerSecond = 30
)
class "_base" { double y = 1
    def "Part" { custom double z = 2 }
}
def Xform "Model" (
    prepend references = [@./a.usda@</A> (offset = 5), @./c.usdz@, </_base>]
    prepend payload = @./b.usdc@</B>
    prepend inherits = </_base>
    append specializes = </Other>
    instanceable = false
) { def "Child" (prepend references = @./root.usda@</Model/Sub>) {}
    def "Sub" { double v = 3 }
    over "Part" { double z = 9 }
}
def "Other" (inherits = [</_base>, </Model/Sub>]
    delete references = @./x.usda@) { rel target = [</Model.y>, </Model/Sub>]
    double w.connect = </Model/Sub.v>
    prepend rel more = <../Model>
}
def "I1" (instanceable = true
    references = </Model>) {}
def "I2" (instanceable = true
    references = </Model>) {}
def "Missing" (references = [@./nothing.usda@, </None>, @./a.usda@</None>]) {}
`,
  variants: `def "Model" (
    prepend variantSets = ["shape", "look"]
    variants = { string shape = "box"
        string look = "red" }
) { variantSet "shape" = {
        "ball" (prepend references = @./a.usda@</A>) { def Sphere "Geom" { double radius = 2 } }
        "box" { def Cube "Geom" (variants = { string inner = "one" }
                prepend variantSets = "inner") { variantSet "inner" = { "one" { double size = 3 }
                    "two" { double size = 4 } } } }
    }
    variantSet "look" = { "red" { color3f c = (1, 0, 0) }
        "blue" (payload = @./b.usdc@</B>) { color3f c = (0, 0, 1) } }
}
def "User" (references = </Model>
    variants = { string shape = "ball" }) {}
over "None" (variants = { string a = "b" }) {}
`,
  relocates: `(
    relocates = { </Rig/Old>: </Rig/New>, </Rig/Gone>: <>, </Rig/New/A>: </Rig/B> }
    expressionVariables = { string WHICH = "a"
        string SHAPE = "box"
        bool ON = true
        int[] NUMS = [1, 2, 3]
        string CHAIN = "\`\${WHICH}\`" }
    subLayers = [@\`"./\${WHICH}.usda"\`@]
)
def "Rig" (references = [@\`if(\${ON}, "./\${WHICH}.usda", "./x.usda")\`@</A>, @\`"./" + "b"\`@]
    variants = { string shape = "\`\${SHAPE}\`" }) { over "New" { double a = 1 }
    def "Old" {}
    string text = "\`contains(\${NUMS}, 2)\`"
    asset file = @\`at(["x", "./t.png"], 1)\`@
    asset[] files = [@./t.png@, @a.usda@, @./c.usdz[a.usda]@, @@@odd@name@@@]
}
`,
  values: `def "V" (
    customData = { int a = 1
        dictionary deep = { string[] s = ["x", 'y', """long
text"""]
            dictionary deeper = { double d = -1e-300 } }
        token[] t = ["q"]
        asset f = @x.png@
        timecode tc = 5 }
    assetInfo = { string name = "n"
        asset identifier = @./a.usda@ }
    kind = "component"
    doc = "some \\"text\\" \\x41"
    hidden = true
    apiSchemas = ["CollectionAPI:c"]
) { bool b = true
    uchar uc = 255
    int i = -5
    uint ui = 4000000000
    int64 i64 = -9007199254740993
    uint64 u64 = 18446744073709551615
    half h = 0.333
    float f = inf
    double d = nan
    timecode t = 3
    string s = "line\\n"
    token tk = "tok"
    asset a = @./t.png@
    quatf q = (1, 0, 0, 0)
    quath[] qh = [(1, 0, 0, 0), (0.5, 0.5, 0.5, 0.5)]
    matrix2d m2 = ((1, 2), (3, 4))
    matrix3d[] m3 = [((1, 0, 0), (0, 1, 0), (0, 0, 1))]
    int[] ramp = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
    float[] halves = [0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5]
    double[] whole = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
    int64[] longs = [1, 100000000000, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    string[] strings = ["a", "b", "a", ""]
    half3[] h3 = [(1, 2, 3)]
    int4 i4 = (1, 2, 3, 4)
    double none = None
    custom uniform color4f col = (1, 2, 3, 4) (
        displayName = "Colour"
        allowedTokens = ["a"]
        customData = { bool x = false }
    )
    int[] edited = edit [write 5 to [0]; prepend 7; append [1]; insert 3 at [1]; erase [0]; minsize 5 fill 9; resize 3]
    uniform pathExpression collection:c:membershipExpression = "/V//{isa:Mesh} - /V/G/* + %:other"
    rel collection:c:includes = [</V>, </V/G.collection:c>]
    rel collection:c:excludes = </V/G>
    uniform token collection:c:expansionRule = "explicitOnly"
    def "G" {}
}
`,
  time: `(startTimeCode = 0
    endTimeCode = 10
    framesPerSecond = 24)
def "T" (clips = { dictionary default = {
            asset[] assetPaths = [@./clip.1.usda@, @./clip.2.usda@]
            double2[] active = [(0, 0), (5, 1)]
            double2[] times = [(0, 0), (5, 5), (5, 0), (10, 5)]
            string primPath = "/A"
            asset manifestAssetPath = @./clip.1.usda@
            bool interpolateMissingClipValues = 1 }
        dictionary more = { string templateAssetPath = "./clip.#.usda"
            double templateStartTime = 1
            double templateEndTime = 2
            double templateStride = 1
            string primPath = "/A" } }
    clipSets = ["default", "more"]
) { double x
    double v.timeSamples = { 0: 1, 1: None, 2.5: 4, 1e10: 7 }
    float3[] p.timeSamples = { 0: [(0, 0, 0)], 4: [(1, 1, 1)], 8: [(0, 0, 0), (1, 2, 3)] }
    quatf q.timeSamples = { 0: (1, 0, 0, 0), 4: (0, 1, 0, 0) }
    token k.timeSamples = { -1: "a", 3: "b" }
    double s.spline = { bezier,
        pre: linear,
        post: loop repeat,
        loop: (0, 10, 1, 2, 5),
        0: 1; pre (1, 2); post curve (1, 3),
        10: 5 & 6; pre (2, -1); post linear,
        20: 9; post held; { int key = 4 }
    }
    float e.spline = { hermite,
        post: sloped(2),
        1: 2; post curve (1, autoEase),
        5: 3; pre (0.5, 1),
        7: 4; post none }
    timecode tc.timeSamples = { 0: 1, 2: 3 }
    def "Below" (references = @./clip.1.usda@</A> (offset = -3; scale = 2)) { double x }
}
`,
  instancing: `def PointInstancer "P" {
    int[] protoIndices = [0, 1, 0, 2]
    point3f[] positions = [(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0)]
    quath[] orientations = [(1, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0)]
    float3[] scales = [(1, 1, 1), (2, 2, 2), (1, 1, 1), (1, 1, 1)]
    vector3f[] velocities.timeSamples = { 0: [(1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)] }
    int64[] invisibleIds = [1]
    int64[] ids = [0, 1, 2, 3]
    rel prototypes = [</P/Protos/A>, </P/Protos/B>, </P>]
    def "Protos" { def Sphere "A" {}
        def PointInstancer "B" { int[] protoIndices = [0, 0]
            point3f[] positions = [(0, 0, 0), (1, 1, 1)]
            rel prototypes = </P/Protos/A> } }
}
def SkelRoot "S" { def Skeleton "Skel" (prepend apiSchemas = ["SkelBindingAPI"]) { uniform token[] joints = ["a", "a/b"]
        uniform matrix4d[] bindTransforms = [((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)), ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 1, 0, 1))]
        uniform matrix4d[] restTransforms = [((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)), ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 1, 0, 1))]
        rel skel:animationSource = </S/Anim> }
    def SkelAnimation "Anim" { uniform token[] joints = ["a", "a/b"]
        quatf[] rotations.timeSamples = { 0: [(1, 0, 0, 0), (1, 0, 0, 0)], 2: [(0, 1, 0, 0), (1, 0, 0, 0)] }
        float3[] translations = [(0, 0, 0), (0, 1, 0)]
        half3[] scales = [(1, 1, 1), (1, 1, 1)] }
    def Mesh "M" (prepend apiSchemas = ["SkelBindingAPI"]) { rel skel:skeleton = </S/Skel>
        int[] primvars:skel:jointIndices = [0, 1, 1] (elementSize = 1
            interpolation = "vertex")
        float[] primvars:skel:jointWeights = [1, 1, 1] (elementSize = 1
            interpolation = "vertex")
        int[] faceVertexCounts = [3]
        int[] faceVertexIndices = [0, 1, 2]
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0)] } }
`,
  shading: `def Scope "Looks" { def Material "Red" { token outputs:surface.connect = </Looks/Red/S.outputs:surface>
        color3f inputs:c = (1, 0, 0)
        def Shader "S" { uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = [</Looks/Red/T.outputs:rgb>, </Looks/Red.inputs:c>]
            float inputs:opacity.connect = </Looks/Red/S.inputs:opacity>
            token outputs:surface }
        def Shader "T" { uniform token info:id = "UsdUVTexture"
            asset inputs:file = @./t.png@
            float2 inputs:st.connect = </Looks/Red/N.outputs:result>
            float3 outputs:rgb }
        def NodeGraph "N" { float2 outputs:result.connect = </Looks/Red/N.inputs:a>
            float2 inputs:a.connect = </Looks/Red/N.outputs:result> } } }
def Xform "G" (prepend apiSchemas = ["MaterialBindingAPI", "CollectionAPI:reds"]) { rel material:binding = </Looks/Red> (bindMaterialAs = "strongerThanDescendants")
    rel material:binding:collection:x = [</G.collection:reds>, </Looks/Red>]
    rel collection:reds:includes = </G>
    uniform token collection:reds:expansionRule = "expandPrims"
    token visibility.timeSamples = { 0: "invisible", 2: "inherited" }
    uniform token purpose = "render"
    def Mesh "M" { rel material:binding = </G.collection:reds> } }
`,
};

/** The layers by what they are about. A statement ends with its line: closing braces are given lines of their own. */
export const SEED_TEXTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(TIGHT).map(([name, text]) => [
    name,
    `#usda 1.0\n${text.replaceAll(/"[^"]*"|@[^@]*@|<[^>]*>|\}/g, (part) => (part === '}' ? '\n}\n' : part))}`,
  ]),
);

const A = `#usda 1.0
(
    defaultPrim = "A"
    timeCodesPerSecond = 48
    relocates = { </A/Old>: </A/New> }
)
def Xform "A" (customData = { string from = "a" }
    variantSets = "shape"
    inherits = </_base>) {
    double y.timeSamples = { 0: 1, 48: 5 }
    def "Old" { double o = 1
    }
    def Sphere "Child" (references = @./root.usda@) {
    }
    variantSet "shape" = {
        "ball" { double r = 1
        }
        "box" { double r = 2
        }
    }
}
class "_base" { int base = 4
}
`;

/** Files beside every input, by path. */
export const COMPANIONS: ReadonlyMap<string, Uint8Array> = makeCompanions();

function makeCompanions(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const clip = (number: number): Uint8Array =>
    encode(`#usda 1.0\ndef "A" {\n    double x.timeSamples = { 0: ${number}, 3: ${number * 2} }\n    double v = 1\n}\n`);
  files.set('a.usda', encode(A));
  const b = parseUsda('b.usda', encode((SEED_TEXTS['geometry'] as string).replace('World', 'B')), { report: () => {} });
  files.set('b.usdc', writeUsdc(b));
  files.set('c.usdz', writePackage([{ name: 'a.usda', bytes: encode(A) }]));
  for (const number of [1, 2]) files.set(`clip.${number}.usda`, clip(number));
  return files;
}

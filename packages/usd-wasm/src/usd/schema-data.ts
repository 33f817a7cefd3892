/**
 * Schema definitions as text, read by `schema-registry.ts`.
 *
 * A line without indent opens a schema: `Name < Base + BuiltInApi, Api:instance`; first word `abstract` for a type
 * that no prim may name, `api` for a single-apply and `multi` for a multiple-apply API schema (its properties are
 * written with their namespace and `*` for the instance name). Indented lines are properties: optional `uniform`,
 * type name, name, after ` = ` the fallback as text (`""` is empty text), in braces the allowed tokens, after `@` the
 * display group. `rel name` is a relationship. A property without a fallback has none. `-> Type` behind a schema's
 * name applies it to prims of that type, after their built-in APIs.
 *
 * Source: OpenUSD generatedSchema.usda of usd, usdGeom, usdShade, usdLux, usdSkel, usdVol, usdMedia, usdRender.
 */
export const SCHEMA_TEXT = `
abstract Typed
abstract Imageable < Typed
 token visibility = inherited {inherited, invisible}
 uniform token purpose = default {default, render, proxy, guide}
 rel proxyPrim
Scope < Imageable
abstract Xformable < Imageable
 uniform token[] xformOpOrder
Xform < Xformable
abstract Boundable < Xformable
 float3[] extent
abstract Gprim < Boundable
 color3f[] primvars:displayColor
 float[] primvars:displayOpacity
 uniform bool doubleSided = false
 uniform token orientation = rightHanded {rightHanded, leftHanded}
Cube < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double size = 2
Sphere < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double radius = 1
Cylinder < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double height = 2
 double radius = 1
 uniform token axis = Z {X, Y, Z}
Cylinder_1 < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double height = 2
 double radiusTop = 1
 double radiusBottom = 1
 uniform token axis = Z {X, Y, Z}
Cone < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double height = 2
 double radius = 1
 uniform token axis = Z {X, Y, Z}
Capsule < Gprim
 float3[] extent = [(-0.5,-0.5,-1),(0.5,0.5,1)]
 double height = 1
 double radius = 0.5
 uniform token axis = Z {X, Y, Z}
Capsule_1 < Gprim
 float3[] extent = [(-0.5,-0.5,-1),(0.5,0.5,1)]
 double height = 1
 double radiusTop = 0.5
 double radiusBottom = 0.5
 uniform token axis = Z {X, Y, Z}
Plane < Gprim
 float3[] extent = [(-1,-1,0),(1,1,0)]
 uniform bool doubleSided = true
 double width = 2
 double length = 2
 uniform token axis = Z {X, Y, Z}
abstract PointBased < Gprim
 point3f[] points
 vector3f[] velocities
 vector3f[] accelerations
 normal3f[] normals
Mesh < PointBased
 int[] faceVertexIndices
 int[] faceVertexCounts
 uniform token subdivisionScheme = catmullClark {catmullClark, loop, bilinear, none}
 token interpolateBoundary = edgeAndCorner {none, edgeOnly, edgeAndCorner}
 token faceVaryingLinearInterpolation = cornersPlus1 {none, cornersOnly, cornersPlus1, cornersPlus2, boundaries, all}
 token triangleSubdivisionRule = catmullClark {catmullClark, smooth}
 int[] holeIndices = []
 int[] cornerIndices = []
 float[] cornerSharpnesses = []
 int[] creaseIndices = []
 int[] creaseLengths = []
 float[] creaseSharpnesses = []
TetMesh < PointBased
 int4[] tetVertexIndices
 int3[] surfaceFaceVertexIndices
NurbsPatch < PointBased
 int uVertexCount
 int vVertexCount
 int uOrder
 int vOrder
 double[] uKnots
 double[] vKnots
 uniform token uForm = open {open, closed, periodic}
 uniform token vForm = open {open, closed, periodic}
 double2 uRange
 double2 vRange
 double[] pointWeights
 int[] trimCurve:counts
 int[] trimCurve:orders
 int[] trimCurve:vertexCounts
 double[] trimCurve:knots
 double2[] trimCurve:ranges
 double3[] trimCurve:points
Points < PointBased
 float[] widths
 int64[] ids
abstract Curves < PointBased
 int[] curveVertexCounts
 float[] widths
BasisCurves < Curves
 uniform token type = cubic {linear, cubic}
 uniform token basis = bezier {bezier, bspline, catmullRom}
 uniform token wrap = nonperiodic {nonperiodic, periodic, pinned}
NurbsCurves < Curves
 int[] order = []
 double[] knots
 double2[] ranges
 double[] pointWeights
HermiteCurves < Curves
 vector3f[] tangents = []
PointInstancer < Boundable
 int[] protoIndices
 int64[] ids
 point3f[] positions
 quath[] orientations
 quatf[] orientationsf
 float3[] scales
 vector3f[] velocities
 vector3f[] accelerations
 vector3f[] angularVelocities
 int64[] invisibleIds = []
 rel prototypes
GeomSubset < Typed
 uniform token elementType = face {face, point, edge, segment, tetrahedron}
 int[] indices = []
 uniform token familyName = ""
Camera < Xformable
 token projection = perspective {perspective, orthographic}
 float horizontalAperture = 20.955
 float verticalAperture = 15.2908
 float horizontalApertureOffset = 0
 float verticalApertureOffset = 0
 float focalLength = 50
 float2 clippingRange = (1,1000000)
 float4[] clippingPlanes = []
 float fStop = 0
 float focusDistance = 0
 uniform token stereoRole = mono {mono, left, right}
 double shutter:open = 0
 double shutter:close = 0
 float exposure = 0
 float exposure:iso = 100
 float exposure:time = 1
 float exposure:fStop = 1
 float exposure:responsivity = 1
api GeomModelAPI
 uniform token model:drawMode = inherited {origin, bounds, cards, default, inherited}
 uniform bool model:applyDrawMode = false
 uniform float3 model:drawModeColor = (0.18,0.18,0.18)
 uniform token model:cardGeometry = cross {cross, box, fromTexture}
 asset model:cardTextureXPos
 asset model:cardTextureYPos
 asset model:cardTextureZPos
 asset model:cardTextureXNeg
 asset model:cardTextureYNeg
 asset model:cardTextureZNeg
api MotionAPI
 float motion:blurScale = 1
 float motion:velocityScale = 1
 int motion:nonlinearSampleCount = 3
api PrimvarsAPI
api XformCommonAPI
api ModelAPI
api VisibilityAPI
 uniform token guideVisibility = invisible {inherited, invisible, visible}
 uniform token proxyVisibility = inherited {inherited, invisible, visible}
 uniform token renderVisibility = inherited {inherited, invisible, visible}
api ClipsAPI
multi CollectionAPI
 uniform token collection:*:expansionRule = expandPrims {explicitOnly, expandPrims, expandPrimsAndProperties}
 uniform bool collection:*:includeRoot
 uniform pathExpression collection:*:membershipExpression
 rel collection:*:includes
 rel collection:*:excludes
 uniform opaque collection:*
api ColorSpaceAPI
 uniform token colorSpace:name
multi ColorSpaceDefinitionAPI
 uniform token colorSpaceDefinition:*:name = custom
 float2 colorSpaceDefinition:*:redChroma = (1,0)
 float2 colorSpaceDefinition:*:greenChroma = (0,1)
 float2 colorSpaceDefinition:*:blueChroma = (0,0)
 float2 colorSpaceDefinition:*:whitePoint = (0.33333334,0.33333334)
 float colorSpaceDefinition:*:gamma = 1
 float colorSpaceDefinition:*:linearBias = 0
api NodeDefAPI
 uniform token info:implementationSource = id {id, sourceAsset, sourceCode}
 uniform token info:id
Shader < Typed + NodeDefAPI
NodeGraph < Typed
Material < NodeGraph
 token outputs:surface @Outputs
 token outputs:displacement @Outputs
 token outputs:volume @Outputs
api MaterialXConfigAPI -> Material
 string config:mtlx:version = 1.38
api ConnectableAPI
api MaterialBindingAPI
multi CoordSysAPI
 rel coordSys:*:binding
SkelRoot < Boundable
Skeleton < Boundable
 uniform token[] joints
 uniform token[] jointNames
 uniform matrix4d[] bindTransforms
 uniform matrix4d[] restTransforms
SkelAnimation < Typed
 uniform token[] joints
 float3[] translations
 quatf[] rotations
 half3[] scales
 uniform token[] blendShapes
 float[] blendShapeWeights
BlendShape < Typed
 uniform vector3f[] offsets
 uniform vector3f[] normalOffsets
 uniform int[] pointIndices
api SkelBindingAPI
 rel skel:skeleton
 rel skel:animationSource
 uniform token[] skel:joints
 int[] primvars:skel:jointIndices
 float[] primvars:skel:jointWeights
 matrix4d primvars:skel:geomBindTransform
 uniform token primvars:skel:skinningMethod = classicLinear {classicLinear, dualQuaternion}
 uniform token[] skel:blendShapes
 rel skel:blendShapeTargets
api LightAPI + CollectionAPI:lightLink, CollectionAPI:shadowLink
 float inputs:intensity = 1
 float inputs:exposure = 0
 float inputs:diffuse = 1
 float inputs:specular = 1
 bool inputs:normalize = false
 color3f inputs:color = (1,1,1)
 bool inputs:enableColorTemperature = false
 float inputs:colorTemperature = 6500
 rel light:filters
 uniform token light:shaderId = ""
 uniform token light:materialSyncMode = noMaterialResponse {materialGlowTintsLight, independent, noMaterialResponse}
 uniform bool collection:lightLink:includeRoot = true
 uniform bool collection:shadowLink:includeRoot = true
api MeshLightAPI + LightAPI
 uniform token light:shaderId = MeshLight
 uniform token light:materialSyncMode = materialGlowTintsLight {materialGlowTintsLight, independent, noMaterialResponse}
api VolumeLightAPI + LightAPI
 uniform token light:shaderId = VolumeLight
 uniform token light:materialSyncMode = materialGlowTintsLight {materialGlowTintsLight, independent, noMaterialResponse}
api ShapingAPI
 float inputs:shaping:focus = 0 @Shaping
 color3f inputs:shaping:focusTint = (0,0,0) @Shaping
 float inputs:shaping:cone:angle = 90 @Shaping
 float inputs:shaping:cone:softness = 0 @Shaping
 asset inputs:shaping:ies:file @Shaping
 float inputs:shaping:ies:angleScale = 0 @Shaping
 bool inputs:shaping:ies:normalize = false @Shaping
api ShadowAPI
 bool inputs:shadow:enable = true @Shadows
 color3f inputs:shadow:color = (0,0,0) @Shadows
 float inputs:shadow:distance = -1 @Shadows
 float inputs:shadow:falloff = -1 @Shadows
 float inputs:shadow:falloffGamma = 1 @Shadows
api LightListAPI
 rel lightList
 token lightList:cacheBehavior {consumeAndHalt, consumeAndContinue, ignore}
abstract BoundableLightBase < Boundable + LightAPI
abstract NonboundableLightBase < Xformable + LightAPI
DistantLight < NonboundableLightBase
 uniform token light:shaderId = DistantLight
 float inputs:angle = 0.53
 float inputs:intensity = 50000
DiskLight < BoundableLightBase
 uniform token light:shaderId = DiskLight
 float inputs:radius = 0.5
RectLight < BoundableLightBase
 uniform token light:shaderId = RectLight
 float inputs:width = 1
 float inputs:height = 1
 asset inputs:texture:file
SphereLight < BoundableLightBase
 uniform token light:shaderId = SphereLight
 float inputs:radius = 0.5
 bool treatAsPoint = false @Advanced
CylinderLight < BoundableLightBase
 uniform token light:shaderId = CylinderLight
 float inputs:length = 1
 float inputs:radius = 0.5
 bool treatAsLine = false @Advanced
PortalLight < BoundableLightBase
 uniform token light:shaderId = PortalLight
 float inputs:width = 1
 float inputs:height = 1
DomeLight < NonboundableLightBase
 uniform token light:shaderId = DomeLight
 asset inputs:texture:file
 token inputs:texture:format = automatic {automatic, latlong, mirroredBall, angular, cubeMapVerticalCross}
 float guideRadius = 100000 @Guides
 rel portals
DomeLight_1 < NonboundableLightBase
 uniform token light:shaderId = DomeLight
 asset inputs:texture:file
 token inputs:texture:format = automatic {automatic, latlong, mirroredBall, angular, cubeMapVerticalCross}
 float guideRadius = 100000 @Guides
 rel portals
 uniform token poleAxis = scene {scene, Y, Z}
GeometryLight < NonboundableLightBase
 uniform token light:shaderId = GeometryLight
 rel geometry
PluginLight < Xformable + NodeDefAPI, LightAPI
LightFilter < Xformable + CollectionAPI:filterLink
 uniform token lightFilter:shaderId = ""
 uniform bool collection:filterLink:includeRoot = true
PluginLightFilter < LightFilter + NodeDefAPI
Volume < Gprim
abstract VolumeFieldBase < Xformable
abstract FieldBase < VolumeFieldBase
abstract VolumeFieldAsset < FieldBase
 asset filePath
 token fieldName
 int fieldIndex
 token fieldDataType
 token vectorDataRoleHint = None {None, Point, Normal, Vector, Color}
abstract FieldAsset < VolumeFieldAsset
OpenVDBAsset < FieldAsset
 token fieldDataType {half, float, double, int, uint, int64, half2, float2, double2, int2, half3, float3, double3, int3, matrix3d, matrix4d, quatd, bool, mask, string}
 token fieldClass {levelSet, fogVolume, staggered, unknown}
Field3DAsset < FieldAsset
 token fieldDataType {half, float, double, half3, float3, double3}
 token fieldPurpose
ParticleField < Gprim
api ParticleFieldPositionBaseAPI
api ParticleFieldKernelBaseAPI
api ParticleFieldRadianceBaseAPI
api ParticleFieldPositionAttributeAPI + ParticleFieldPositionBaseAPI
 point3f[] positions
 point3h[] positionsh
api ParticleFieldOrientationAttributeAPI
 quatf[] orientations
 quath[] orientationsh
api ParticleFieldScaleAttributeAPI
 float3[] scales
 half3[] scalesh
api ParticleFieldOpacityAttributeAPI
 float[] opacities
 half[] opacitiesh
api ParticleFieldSphericalHarmonicsAttributeAPI + ParticleFieldRadianceBaseAPI
 uniform int radiance:sphericalHarmonicsDegree = 3
 float3[] radiance:sphericalHarmonicsCoefficients
 half3[] radiance:sphericalHarmonicsCoefficientsh
api ParticleFieldKernelGaussianEllipsoidAPI + ParticleFieldKernelBaseAPI
api ParticleFieldKernelGaussianSurfletAPI + ParticleFieldKernelBaseAPI
api ParticleFieldKernelConstantSurfletAPI + ParticleFieldKernelBaseAPI
ParticleField3DGaussianSplat < ParticleField + ParticleFieldPositionAttributeAPI, ParticleFieldOrientationAttributeAPI, ParticleFieldScaleAttributeAPI, ParticleFieldOpacityAttributeAPI, ParticleFieldKernelGaussianEllipsoidAPI, ParticleFieldSphericalHarmonicsAttributeAPI
 uniform token projectionModeHint = perspective {perspective, tangential}
 uniform token sortingModeHint = zDepth {zDepth, cameraDistance}
SpatialAudio < Xformable
 uniform asset filePath
 uniform token auralMode = spatial {spatial, nonSpatial}
 uniform token playbackMode = onceFromStart {onceFromStart, onceFromStartToEnd, loopFromStart, loopFromStartToEnd, loopFromStage}
 uniform timecode startTime = 0
 uniform timecode endTime = 0
 uniform double mediaOffset = 0
 double gain = 1
api AssetPreviewsAPI
Backdrop < Typed
 uniform token ui:description
api SceneGraphPrimAPI
 uniform token ui:displayName
 uniform token ui:displayGroup
api NodeGraphNodeAPI
 uniform float2 ui:nodegraph:node:pos
 uniform int ui:nodegraph:node:stackingOrder
 uniform color3f ui:nodegraph:node:displayColor
 uniform asset ui:nodegraph:node:icon
 uniform token ui:nodegraph:node:expansionState {open, closed, minimized}
 uniform string ui:nodegraph:node:docURI
 uniform float2 ui:nodegraph:node:size
multi LocalizationAPI
 uniform string localization:*:language
multi AccessibilityAPI
 string accessibility:*:label
 string accessibility:*:description
 uniform token accessibility:*:priority = standard {low, standard, high}
abstract RenderSettingsBase < Typed
 uniform int2 resolution = (2048,1080)
 uniform float pixelAspectRatio = 1
 uniform token aspectRatioConformPolicy = expandAperture {expandAperture, cropAperture, adjustApertureWidth, adjustApertureHeight, adjustPixelAspectRatio}
 uniform float4 dataWindowNDC = (0,0,1,1)
 uniform bool instantaneousShutter = false
 uniform bool disableMotionBlur = false
 uniform bool disableDepthOfField = false
 rel camera
RenderSettings < RenderSettingsBase
 rel products
 uniform token[] includedPurposes = [default,render]
 uniform token[] materialBindingPurposes = [full,]
 uniform token renderingColorSpace
RenderProduct < RenderSettingsBase
 uniform token productType = raster
 token productName = ""
 rel orderedVars
RenderVar < Typed
 uniform token dataType = color3f
 uniform string sourceName = ""
 uniform token sourceType = raw {raw, primvar, lpe, intrinsic}
RenderPass < Typed + CollectionAPI:renderVisibility, CollectionAPI:cameraVisibility, CollectionAPI:prune, CollectionAPI:matte
 uniform bool collection:renderVisibility:includeRoot = true
 uniform bool collection:cameraVisibility:includeRoot = true
 uniform token passType
 rel renderSource
 rel inputPasses
 uniform string[] command
 uniform asset fileName
GenerativeProcedural < Boundable
 token proceduralSystem
api HydraGenerativeProceduralAPI
 token primvars:hdGp:proceduralType
 token proceduralSystem = hydraGenerativeProcedural
multi SemanticsLabelsAPI
 token[] semantics:labels:*
PhysicsScene < Typed
 vector3f physics:gravityDirection = (0,0,0)
 float physics:gravityMagnitude = -inf
PhysicsCollisionGroup < Typed + CollectionAPI:colliders
 rel physics:filteredGroups
 string physics:mergeGroup
 bool physics:invertFilteredGroups
PhysicsJoint < Imageable
 rel physics:body0
 rel physics:body1
 point3f physics:localPos0 = (0,0,0)
 point3f physics:localPos1 = (0,0,0)
 quatf physics:localRot0 = (1,0,0,0)
 quatf physics:localRot1 = (1,0,0,0)
 bool physics:jointEnabled = true
 bool physics:collisionEnabled = false
 uniform bool physics:excludeFromArticulation = false
 float physics:breakForce = inf
 float physics:breakTorque = inf
PhysicsFixedJoint < PhysicsJoint
PhysicsRevoluteJoint < PhysicsJoint
 uniform token physics:axis = X {X, Y, Z}
 float physics:lowerLimit = -inf
 float physics:upperLimit = inf
PhysicsPrismaticJoint < PhysicsJoint
 uniform token physics:axis = X {X, Y, Z}
 float physics:lowerLimit = -inf
 float physics:upperLimit = inf
PhysicsSphericalJoint < PhysicsJoint
 uniform token physics:axis = X {X, Y, Z}
 float physics:coneAngle0Limit = -1
 float physics:coneAngle1Limit = -1
PhysicsDistanceJoint < PhysicsJoint
 float physics:minDistance = -1
 float physics:maxDistance = -1
multi PhysicsLimitAPI
 float limit:*:physics:low = -inf
 float limit:*:physics:high = inf
multi PhysicsDriveAPI
 uniform token drive:*:physics:type = force {force, acceleration}
 float drive:*:physics:maxForce = inf
 float drive:*:physics:targetPosition = 0
 float drive:*:physics:targetVelocity = 0
 float drive:*:physics:damping = 0
 float drive:*:physics:stiffness = 0
api PhysicsFilteredPairsAPI
 rel physics:filteredPairs
api PhysicsArticulationRootAPI
api PhysicsRigidBodyAPI
 bool physics:rigidBodyEnabled = true
 bool physics:kinematicEnabled = false
 rel physics:simulationOwner
 uniform bool physics:startsAsleep = false
 vector3f physics:velocity = (0,0,0)
 vector3f physics:angularVelocity = (0,0,0)
api PhysicsMassAPI
 float physics:mass = 0
 float physics:density = 0
 point3f physics:centerOfMass = (-inf,-inf,-inf)
 float3 physics:diagonalInertia = (0,0,0)
 quatf physics:principalAxes = (0,0,0,0)
api PhysicsCollisionAPI
 bool physics:collisionEnabled = true
 rel physics:simulationOwner
api PhysicsMeshCollisionAPI
 uniform token physics:approximation = none {none, convexDecomposition, convexHull, boundingSphere, boundingCube, meshSimplification}
api PhysicsMaterialAPI
 float physics:dynamicFriction = 0
 float physics:staticFriction = 0
 float physics:restitution = 0
 float physics:density = 0
Preliminary_Text < Gprim
 string content
 string[] font
 float pointSize = 144
 float width
 float height
 float depth = 0
 token wrapMode = flowing {singleLine, hardBreaks, flowing}
 token horizontalAlignment = center {left, right, center, justified}
 token verticalAlignment = middle {top, middle, lowerMiddle, baseline, bottom}
Preliminary_ReferenceImage < Typed
 uniform asset image
 uniform double physicalWidth
Preliminary_Behavior < Typed
 rel triggers
 rel actions
 uniform bool exclusive = false
Preliminary_Trigger < Typed
 uniform token info:id
Preliminary_Action < Typed
 uniform token info:id
 uniform token multiplePerformOperation = ignore {ignore, allow, stop}
api Preliminary_AnchoringAPI
 uniform token preliminary:anchoring:type {plane, image, face, none}
 uniform token preliminary:planeAnchoring:alignment {horizontal, vertical, any}
 rel preliminary:imageAnchoring:referenceImage
`;

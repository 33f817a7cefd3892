/**
 * Schema definitions as text, read by `schema-registry.ts`.
 *
 * A line without indent opens a schema: `Name < Base + BuiltInApi, Api:instance`; first word `abstract` for a type
 * that no prim may name, `api` for a single-apply and `multi` for a multiple-apply API schema (its properties are
 * written with their namespace and `*` for the instance name). Indented lines are properties: optional `uniform`,
 * type name, name, and after ` = ` the fallback as text. `rel name` is a relationship. A property without a fallback
 * has none.
 *
 * Source: OpenUSD generatedSchema.usda of usd, usdGeom, usdShade, usdLux, usdSkel, usdVol, usdMedia, usdRender.
 */
export const SCHEMA_TEXT = `
abstract Typed
abstract Imageable < Typed
 token visibility = inherited
 uniform token purpose = default
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
 uniform token orientation = rightHanded
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
 uniform token axis = Z
Cylinder_1 < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double height = 2
 double radiusTop = 1
 double radiusBottom = 1
 uniform token axis = Z
Cone < Gprim
 float3[] extent = [(-1,-1,-1),(1,1,1)]
 double height = 2
 double radius = 1
 uniform token axis = Z
Capsule < Gprim
 float3[] extent = [(-0.5,-0.5,-1),(0.5,0.5,1)]
 double height = 1
 double radius = 0.5
 uniform token axis = Z
Capsule_1 < Gprim
 float3[] extent = [(-0.5,-0.5,-1),(0.5,0.5,1)]
 double height = 1
 double radiusTop = 0.5
 double radiusBottom = 0.5
 uniform token axis = Z
Plane < Gprim
 float3[] extent = [(-1,-1,0),(1,1,0)]
 uniform bool doubleSided = true
 double width = 2
 double length = 2
 uniform token axis = Z
abstract PointBased < Gprim
 point3f[] points
 vector3f[] velocities
 vector3f[] accelerations
 normal3f[] normals
Mesh < PointBased
 int[] faceVertexIndices
 int[] faceVertexCounts
 uniform token subdivisionScheme = catmullClark
 token interpolateBoundary = edgeAndCorner
 token faceVaryingLinearInterpolation = cornersPlus1
 token triangleSubdivisionRule = catmullClark
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
 uniform token uForm = open
 uniform token vForm = open
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
 uniform token type = cubic
 uniform token basis = bezier
 uniform token wrap = nonperiodic
NurbsCurves < Curves
 int[] order
 double[] knots
 double2[] ranges
 double[] pointWeights
HermiteCurves < Curves
 vector3f[] tangents
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
 uniform token elementType = face
 int[] indices
 uniform token familyName
Camera < Xformable
 token projection = perspective
 float horizontalAperture = 20.955
 float verticalAperture = 15.2908
 float horizontalApertureOffset = 0
 float verticalApertureOffset = 0
 float focalLength = 50
 float2 clippingRange = (1,1000000)
 float4[] clippingPlanes = []
 float fStop = 0
 float focusDistance = 0
 uniform token stereoRole = mono
 double shutter:open = 0
 double shutter:close = 0
 float exposure = 0
 float exposure:iso = 100
 float exposure:time = 1
 float exposure:fStop = 1
 float exposure:responsivity = 1
api GeomModelAPI
 uniform token model:drawMode = inherited
 uniform bool model:applyDrawMode = false
 uniform float3 model:drawModeColor = (0.18,0.18,0.18)
 uniform token model:cardGeometry = cross
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
 uniform token guideVisibility = invisible
 uniform token proxyVisibility = inherited
 uniform token renderVisibility = inherited
api ClipsAPI
multi CollectionAPI
 uniform token collection:*:expansionRule = expandPrims
 uniform bool collection:*:includeRoot
 uniform pathExpression collection:*:membershipExpression
 rel collection:*:includes
 rel collection:*:excludes
 uniform opaque collection:*
api ColorSpaceAPI
 uniform token colorSpace:name
api NodeDefAPI
 uniform token info:implementationSource = id
 uniform token info:id
Shader < Typed + NodeDefAPI
NodeGraph < Typed
Material < NodeGraph
 token outputs:surface
 token outputs:displacement
 token outputs:volume
api ConnectableAPI
api MaterialBindingAPI
api CoordSysAPI
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
 uniform token primvars:skel:skinningMethod = classicLinear
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
 uniform token light:shaderId
 uniform token light:materialSyncMode = noMaterialResponse
 uniform bool collection:lightLink:includeRoot = true
 uniform bool collection:shadowLink:includeRoot = true
api MeshLightAPI + LightAPI
 uniform token light:materialSyncMode = materialGlowTintsLight
api VolumeLightAPI + LightAPI
 uniform token light:materialSyncMode = materialGlowTintsLight
api ShapingAPI
 float inputs:shaping:focus = 0
 color3f inputs:shaping:focusTint = (0,0,0)
 float inputs:shaping:cone:angle = 90
 float inputs:shaping:cone:softness = 0
 asset inputs:shaping:ies:file
 float inputs:shaping:ies:angleScale = 0
 bool inputs:shaping:ies:normalize = false
api ShadowAPI
 bool inputs:shadow:enable = true
 color3f inputs:shadow:color = (0,0,0)
 float inputs:shadow:distance = -1
 float inputs:shadow:falloff = -1
 float inputs:shadow:falloffGamma = 1
api LightListAPI
 rel lightList
 token lightList:cacheBehavior
abstract BoundableLightBase < Boundable + LightAPI
abstract NonboundableLightBase < Xformable + LightAPI
DistantLight < NonboundableLightBase
 float inputs:angle = 0.53
 float inputs:intensity = 50000
DiskLight < BoundableLightBase
 float inputs:radius = 0.5
RectLight < BoundableLightBase
 float inputs:width = 1
 float inputs:height = 1
 asset inputs:texture:file
SphereLight < BoundableLightBase
 float inputs:radius = 0.5
 bool treatAsPoint = false
CylinderLight < BoundableLightBase
 float inputs:length = 1
 float inputs:radius = 0.5
 bool treatAsLine = false
PortalLight < BoundableLightBase
 float inputs:width = 1
 float inputs:height = 1
DomeLight < NonboundableLightBase
 asset inputs:texture:file
 token inputs:texture:format = automatic
 float guideRadius = 100000
 rel portals
DomeLight_1 < DomeLight
 uniform token poleAxis = scene
GeometryLight < NonboundableLightBase
 rel geometry
PluginLight < Xformable + NodeDefAPI, LightAPI
LightFilter < Xformable + CollectionAPI:filterLink
 uniform token lightFilter:shaderId
 uniform bool collection:filterLink:includeRoot = true
PluginLightFilter < LightFilter + NodeDefAPI
Volume < Gprim
abstract FieldBase < Xformable
abstract FieldAsset < FieldBase
 asset filePath
 token fieldName
 int fieldIndex
 token fieldDataType
 token vectorDataRoleHint = None
OpenVDBAsset < FieldAsset
 token fieldClass
Field3DAsset < FieldAsset
 token fieldPurpose
ParticleField < Gprim
ParticleField3DGaussianSplat < ParticleField
 point3f[] positions
 point3h[] positionsh
 quatf[] orientations
 quath[] orientationsh
 float3[] scales
 half3[] scalesh
 float[] opacities
 half[] opacitiesh
 uniform int radiance:sphericalHarmonicsDegree = 3
 float3[] radiance:sphericalHarmonicsCoefficients
 half3[] radiance:sphericalHarmonicsCoefficientsh
 uniform token projectionModeHint = perspective
 uniform token sortingModeHint = zDepth
SpatialAudio < Xformable
 uniform asset filePath
 uniform token auralMode = spatial
 uniform token playbackMode = onceFromStart
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
 uniform token ui:nodegraph:node:expansionState
 uniform float2 ui:nodegraph:node:size
abstract RenderSettingsBase < Typed
 uniform int2 resolution = (2048,1080)
 uniform float pixelAspectRatio = 1
 uniform token aspectRatioConformPolicy = expandAperture
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
 token productName
 rel orderedVars
RenderVar < Typed
 uniform token dataType = color3f
 uniform string sourceName
 uniform token sourceType = raw
RenderPass < Typed
 uniform token passType
 rel renderSource
 rel inputPasses
 uniform string[] command
 uniform asset fileName
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
 uniform token physics:axis = X
 float physics:lowerLimit = -inf
 float physics:upperLimit = inf
PhysicsPrismaticJoint < PhysicsJoint
 uniform token physics:axis = X
 float physics:lowerLimit = -inf
 float physics:upperLimit = inf
PhysicsSphericalJoint < PhysicsJoint
 uniform token physics:axis = X
 float physics:coneAngle0Limit = -1
 float physics:coneAngle1Limit = -1
PhysicsDistanceJoint < PhysicsJoint
 float physics:minDistance = -1
 float physics:maxDistance = -1
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
 uniform token physics:approximation = none
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
 token wrapMode = flowing
 token horizontalAlignment = center
 token verticalAlignment = middle
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
 uniform token multiplePerformOperation = ignore
api Preliminary_AnchoringAPI
 uniform token preliminary:anchoring:type
 uniform token preliminary:planeAnchoring:alignment
 rel preliminary:imageAnchoring:referenceImage
`;

/** The rules, in OpenUSD's order. */
import type { Rule } from './rule.ts';
import { arkitFileExtension } from './rules/arkit-file-extension.ts';
import { arkitLayer } from './rules/arkit-layer.ts';
import { arkitMaterialBinding } from './rules/arkit-material-binding.ts';
import { arkitPackageEncapsulation } from './rules/arkit-package-encapsulation.ts';
import { arkitPrimType } from './rules/arkit-prim-type.ts';
import { arkitRootLayer } from './rules/arkit-root-layer.ts';
import { arkitShader } from './rules/arkit-shader.ts';
import { attributeTypeMismatch } from './rules/attribute-type-mismatch.ts';
import { byteAlignment } from './rules/byte-alignment.ts';
import { compression } from './rules/compression.ts';
import { materialBindingAPIApplied } from './rules/material-binding-api-applied.ts';
import { materialBindingCollection } from './rules/material-binding-collection.ts';
import { missingReference } from './rules/missing-reference.ts';
import { normalMapTexture } from './rules/normal-map-texture.ts';
import { primEncapsulation } from './rules/prim-encapsulation.ts';
import { shaderPropertyTypeConformance } from './rules/shader-property-type-conformance.ts';
import { skelBindingAPIApplied } from './rules/skel-binding-api-applied.ts';
import { stageMetadata } from './rules/stage-metadata.ts';
import { texture } from './rules/texture.ts';

export const BASE_RULES: readonly Rule[] = [
  byteAlignment,
  compression,
  shaderPropertyTypeConformance,
  missingReference,
  stageMetadata,
  texture,
  primEncapsulation,
  normalMapTexture,
  materialBindingAPIApplied,
  materialBindingCollection,
  skelBindingAPIApplied,
  attributeTypeMismatch,
];

/** Checked with `--arkit` beside the others. */
export const ARKIT_RULES: readonly Rule[] = [
  arkitLayer,
  arkitPrimType,
  arkitShader,
  arkitMaterialBinding,
  arkitFileExtension,
  arkitPackageEncapsulation,
  arkitRootLayer,
];

/** From attributes to the renderer's settings. */
import { DEFAULT_RENDER_SETTINGS, type Lighting, type RenderSettings, type ToneMap } from '../../share/protocol/renderer.ts';
import { parsePurposes } from '../../share/view-state/purposes.ts';
import { ViewStateError } from '../../share/view-state/view-state-error.ts';
import type { ReflectedElement } from '../reflected-element.ts';

const TONE_MAPS: Readonly<Record<string, ToneMap>> = {
  auto: 'neutral',
  neutral: 'neutral',
  commerce: 'neutral',
  aces: 'aces',
  agx: 'agx',
  none: 'srgb',
};

type RenderAttributes = Pick<
  ReflectedElement,
  'toneMapping' | 'exposure' | 'lighting' | 'environmentImage' | 'skyboxImage' | 'shadowIntensity' | 'shadowSoftness' | 'purposes'
>;

/** @throws ViewStateError where a word means nothing */
export function renderSettingsOf(attributes: RenderAttributes): RenderSettings {
  const { toneMapping, exposure, skyboxImage, shadowIntensity, shadowSoftness, purposes } = attributes;
  const toneMap = TONE_MAPS[toneMapping];
  if (toneMap === undefined) throw new ViewStateError('tone-mapping', toneMapping, Object.keys(TONE_MAPS).join(', '));
  if (!(exposure > 0)) throw new ViewStateError('exposure', String(exposure), 'a number above 0');
  return {
    ...DEFAULT_RENDER_SETTINGS,
    toneMap,
    // The attribute is a factor, the setting counts stops.
    exposure: Math.log2(exposure),
    lighting: lightingOf(attributes),
    showsEnvironment: isAddress(skyboxImage),
    shadowIntensity: between(shadowIntensity, 0, 1),
    shadowSoftness: between(shadowSoftness, 0, 1),
    // The page is seen behind the model.
    background: [0, 0, 0, 0],
    purposes: parsePurposes(purposes),
  };
}

/** The picture that is loaded: the one seen behind the model counts, for there is one at a time. */
export function environmentAddress({
  environmentImage,
  skyboxImage,
}: Pick<RenderAttributes, 'environmentImage' | 'skyboxImage'>): string | null {
  return isAddress(skyboxImage) ? skyboxImage : isAddress(environmentImage) ? environmentImage : null;
}

function lightingOf({ lighting, environmentImage, skyboxImage }: RenderAttributes): Lighting {
  switch (lighting) {
    case 'stage':
    case 'camera':
    case 'none':
      return lighting;
    case 'auto':
      if (isAddress(environmentImage)) return 'image';
      return environmentImage === null && isAddress(skyboxImage) ? 'image' : 'studio';
    default:
      throw new ViewStateError('lighting', lighting, 'auto, stage, camera or none');
  }
}

function isAddress(text: string | null): text is string {
  return text !== null && text.trim() !== '' && text !== 'neutral' && text !== 'legacy';
}

function between(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

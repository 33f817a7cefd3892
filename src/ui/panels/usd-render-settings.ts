import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EnvironmentSummary } from '../../share/protocol/engine.ts';
import { DEFAULT_RENDER_SETTINGS, type Lighting, type RenderSettings, type ToneMap } from '../../share/protocol/renderer.ts';
import { cssProps } from '../elements/css-props.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

type Purpose = RenderSettings['purposes'][number];

export const LIGHTINGS: readonly (readonly [Lighting, string, string])[] = [
  ['studio', 'Studio', 'Built-in soft boxes'],
  ['image', 'Image', 'The environment image'],
  ['camera', 'Camera', 'A light at the camera'],
  ['stage', 'Stage', 'The lights of the stage'],
  ['none', 'None', 'Emission only'],
];
export const TONE_MAPS: readonly (readonly [ToneMap, string])[] = [
  ['neutral', 'Khronos PBR Neutral'],
  ['srgb', 'Plain sRGB'],
  ['aces', 'ACES'],
  ['agx', 'AgX'],
];
const PURPOSES: readonly (readonly [Purpose, string])[] = [
  ['default', 'Default'],
  ['render', 'Render'],
  ['proxy', 'Proxy'],
  ['guide', 'Guide'],
];

interface SliderFacts {
  readonly name: string;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  readonly max?: number;
  readonly step?: number;
  readonly change: (value: number) => void;
}

/** Pictures that the file chooser offers. */
export const PICTURES = '.hdr,.exr,image/png,image/jpeg,image/webp,image/avif';

/** Background of the viewport: `theme` follows the page's theme, `environment` is the studio or the image, seen all around. */
export type BackgroundChoice = 'theme' | 'environment' | RenderSettings['background'];

export const BACKGROUNDS: readonly (readonly [string, RenderSettings['background']])[] = [
  ['Black', [0.02, 0.02, 0.025, 1]],
  ['Dark', DEFAULT_RENDER_SETTINGS.background],
  ['Grey', [0.5, 0.5, 0.5, 1]],
  ['Light', [0.9, 0.91, 0.92, 1]],
  ['White', [1, 1, 1, 1]],
];

/**
 * How the picture is drawn.
 *
 * @fires usd-settings some settings changed (a part of `RenderSettings`)
 * @fires usd-background the background was chosen
 * @fires usd-environment an image to light with was chosen, or is no longer wanted
 */
@customElement('usd-render-settings')
export class UsdRenderSettings extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        min-height: 0;
        overflow: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--line-strong) transparent;
      }

      fieldset {
        margin: 0;
        padding: var(--space-3);
        border: 0;
        border-bottom: 1px solid var(--line);
        min-width: 0;
      }

      legend {
        float: left;
        width: 100%;
        margin-bottom: var(--space-2);
        padding: 0;
        font-weight: 600;
      }

      legend + * {
        clear: both;
      }

      .segments {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(4.2rem, 1fr));
        gap: 2px;
        padding: 2px;
        border: 1px solid var(--line);
        border-radius: var(--radius-2);
        background: var(--field);
      }

      .segments label {
        display: grid;
        place-items: center;
        min-height: calc(var(--control) - 0.38rem);
        border-radius: 6px;
        color: var(--text-2);
        cursor: pointer;
      }

      .segments label:hover {
        color: var(--text);
      }

      .segments label:has(:checked) {
        background: var(--selected);
        color: var(--text);
        font-weight: 600;
      }

      .segments label:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 1px;
      }

      .segments input,
      .swatches input[type='radio'] {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }

      .line {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
        min-height: var(--control);
      }

      .line + .line {
        margin-top: 0.31rem;
      }

      .line select {
        width: 62%;
      }

      .exposure {
        display: grid;
        grid-template-columns: 1fr auto auto;
        align-items: center;
        gap: var(--space-2);
      }

      .slider {
        display: grid;
        grid-template-columns: 8.2rem 1fr 3.2rem;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--control);
      }

      .slider output {
        min-width: 0;
      }

      .image {
        grid-template-columns: auto 1fr auto auto;
      }

      .image span:nth-child(2) {
        overflow: hidden;
        color: var(--text-2);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      output {
        min-width: 4.2rem;
        color: var(--text-2);
        text-align: end;
        font-variant-numeric: tabular-nums;
      }

      .checks {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0 var(--space-2);
      }

      .checks label,
      .line label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--control);
        cursor: pointer;
      }

      .swatches {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.46rem;
      }

      .swatches label {
        position: relative;
        width: calc(var(--control) * 0.85);
        height: calc(var(--control) * 0.85);
        border: 1px solid var(--line-strong);
        border-radius: 50%;
        background: var(--swatch);
        cursor: pointer;
      }

      .swatches label.environment {
        background: linear-gradient(#7ea3d0, #dfe5ea 48%, #8f887c 52%, #6d675d);
      }

      .swatches label.theme {
        background: linear-gradient(135deg, #292b30 50%, #e4e7eb 50%);
      }

      .swatches label:has(:checked) {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }

      .swatches label:has(:focus-visible) {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }

      input[type='color'] {
        width: calc(var(--control) * 1.3);
        height: calc(var(--control) * 0.85);
        padding: 2px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-2);
        background: var(--field);
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) settings: RenderSettings = DEFAULT_RENDER_SETTINGS;
  @property({ attribute: false }) background: BackgroundChoice = 'theme';
  /** The image that was given. */
  @property({ attribute: false }) environment: EnvironmentSummary | undefined;
  /** Name of an image that is being read, '' for none. */
  @property() loadingName = '';

  protected override render(): TemplateResult {
    const { settings } = this;
    return html`
      <fieldset>
        <legend>Lighting</legend>
        <div class="segments">
          ${LIGHTINGS.filter(([value]) => value !== 'image' || this.environment !== undefined).map(
            ([value, name, hint]) => html`
              <label title=${hint}>
                <input
                  type="radio"
                  name="lighting"
                  value=${value}
                  .checked=${settings.lighting === value}
                  @change=${() => this.#change({ lighting: value })}
                />
                ${name}
              </label>
            `,
          )}
        </div>
        ${this.#renderImage()} ${this.#renderEnvironment()}
        ${this.#renderSlider({
          name: 'Ground shadow',
          value: settings.shadowIntensity,
          text: settings.shadowIntensity === 0 ? 'none' : `${Math.round(settings.shadowIntensity * 100)} %`,
          change: (shadowIntensity) => this.#change({ shadowIntensity }),
        })}
        ${
          settings.shadowIntensity === 0
            ? nothing
            : this.#renderSlider({
                name: 'Shadow blur',
                value: settings.shadowSoftness,
                text: `${Math.round(settings.shadowSoftness * 100)} %`,
                change: (shadowSoftness) => this.#change({ shadowSoftness }),
              })
        }
      </fieldset>
      <fieldset>
        <legend>Tone</legend>
        <div class="line">
          <label for="tone">Tone mapping</label>
          <select id="tone" @change=${(event: Event) => this.#change({ toneMap: (event.target as HTMLSelectElement).value as ToneMap })}>
            ${TONE_MAPS.map(([value, name]) => html`<option value=${value} ?selected=${settings.toneMap === value}>${name}</option>`)}
          </select>
        </div>
        <div class="exposure" ${cssProps({ '--filled': `${((settings.exposure + 5) / 10) * 100}%` })}>
          <input
            type="range"
            min="-5"
            max="5"
            step="0.1"
            aria-label="Exposure"
            aria-valuetext="${settings.exposure.toFixed(1)} stops"
            .value=${String(settings.exposure)}
            @input=${(event: Event) => this.#change({ exposure: Number((event.target as HTMLInputElement).value) })}
          />
          <output>Exposure ${settings.exposure > 0 ? '+' : ''}${settings.exposure.toFixed(1)}</output>
          <button class="quiet" ?disabled=${settings.exposure === 0} @click=${() => this.#change({ exposure: 0 })}>Reset</button>
        </div>
      </fieldset>
      <fieldset>
        <legend>Background</legend>
        <div class="swatches">
          <label class="theme" title="As the theme">
            <input
              type="radio"
              name="background"
              aria-label="As the theme"
              .checked=${this.background === 'theme'}
              @change=${() => this.#chooseBackground('theme')}
            />
          </label>
          <label class="environment" title="Environment">
            <input
              type="radio"
              name="background"
              aria-label="Environment"
              .checked=${this.background === 'environment'}
              @change=${() => this.#chooseBackground('environment')}
            />
          </label>
          ${BACKGROUNDS.map(
            ([name, color]) => html`
              <label title=${name} ${cssProps({ '--swatch': hexOf(color) })}>
                <input
                  type="radio"
                  name="background"
                  aria-label=${name}
                  .checked=${typeof this.background !== 'string' && hexOf(this.background) === hexOf(color)}
                  @change=${() => this.#chooseBackground(color)}
                />
              </label>
            `,
          )}
          <input
            type="color"
            aria-label="Own background colour"
            title="Own colour"
            .value=${hexOf(typeof this.background === 'string' ? DEFAULT_RENDER_SETTINGS.background : this.background)}
            @input=${(event: Event) => this.#chooseBackground(colorOf((event.target as HTMLInputElement).value))}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>Purposes</legend>
        <div class="checks">
          ${PURPOSES.map(
            ([value, name]) => html`
              <label>
                <input
                  type="checkbox"
                  .checked=${settings.purposes.includes(value)}
                  @change=${(event: Event) => this.#onPurpose(value, (event.target as HTMLInputElement).checked)}
                />
                ${name}
              </label>
            `,
          )}
        </div>
      </fieldset>
    `;
  }

  /** The image and its picker. */
  #renderImage(): TemplateResult {
    const { environment, loadingName } = this;
    const text = loadingName !== '' ? `Reading ${loadingName}…` : (environment?.name ?? 'None');
    return html`
      <div class="slider image">
        <span>Image</span>
        <span title=${environment === undefined ? text : `${text}, ${environment.width} x ${environment.height}`}>${text}</span>
        <button class="quiet" aria-label="Choose an environment image" @click=${this.#openPicker}>Choose…</button>
        ${
          environment === undefined
            ? nothing
            : html`<button class="quiet icon-only" aria-label="Remove the environment image" @click=${() => this.#giveImage(undefined)}>
                ${icon('close')}
              </button>`
        }
        <input type="file" id="image" hidden accept=${PICTURES} @change=${this.#onImage} />
      </div>
    `;
  }

  /** How the studio or the image lies around the scene; nothing while neither is used. */
  #renderEnvironment(): TemplateResult | typeof nothing {
    const { lighting, environmentRotation, environmentIntensity } = this.settings;
    if (lighting !== 'studio' && lighting !== 'image' && this.background !== 'environment') return nothing;
    const degrees = Math.round((environmentRotation * 180) / Math.PI);
    return html`
      ${this.#renderSlider({
        name: 'Rotation',
        value: degrees,
        text: `${degrees}°`,
        max: 360,
        step: 1,
        change: (value) => this.#change({ environmentRotation: (value * Math.PI) / 180 }),
      })}
      ${this.#renderSlider({
        name: 'Intensity',
        value: environmentIntensity,
        text: `${environmentIntensity.toFixed(2)}`,
        max: 4,
        change: (value) => this.#change({ environmentIntensity: value }),
      })}
    `;
  }

  /** A labelled slider from 0 to 1, or to `max`. */
  #renderSlider({ name, value, text, max = 1, step = max / 100, change }: SliderFacts): TemplateResult {
    return html`
      <div class="slider" ${cssProps({ '--filled': `${(value / max) * 100}%` })}>
        <span aria-hidden="true">${name}</span>
        <input
          type="range"
          min="0"
          max=${max}
          step=${step}
          aria-label=${name}
          aria-valuetext=${text}
          .value=${String(value)}
          @input=${(event: Event) => change(Number((event.target as HTMLInputElement).value))}
        />
        <output>${text}</output>
      </div>
    `;
  }

  #openPicker = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('#image')?.click();
  };

  #onImage = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // The same file may be chosen again.
    input.value = '';
    if (file !== undefined) this.#giveImage(file);
  };

  #giveImage(file: File | undefined): void {
    this.dispatchEvent(new CustomEvent('usd-environment', { detail: { file }, bubbles: true, composed: true }));
  }

  #onPurpose(purpose: Purpose, isShown: boolean): void {
    const shown = PURPOSES.map(([value]) => value).filter((value) =>
      value === purpose ? isShown : this.settings.purposes.includes(value),
    );
    this.#change({ purposes: shown });
  }

  #change(settings: Partial<RenderSettings>): void {
    this.dispatchEvent(new CustomEvent('usd-settings', { detail: { settings }, bubbles: true, composed: true }));
  }

  #chooseBackground(background: BackgroundChoice): void {
    this.dispatchEvent(new CustomEvent('usd-background', { detail: { background }, bubbles: true, composed: true }));
  }
}

/** `#rrggbb` of sRGB-encoded values in 0..1. */
function hexOf(color: RenderSettings['background']): string {
  const part = (value: number): string =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${part(color[0])}${part(color[1])}${part(color[2])}`;
}

/** Opaque colour of `#rrggbb`. */
export function colorOf(hex: string): RenderSettings['background'] {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5), 1];
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-render-settings': UsdRenderSettings;
  }
  interface HTMLElementEventMap {
    'usd-settings': CustomEvent<{ readonly settings: Partial<RenderSettings> }>;
    'usd-background': CustomEvent<{ readonly background: BackgroundChoice }>;
    'usd-environment': CustomEvent<{ readonly file: File | undefined }>;
  }
}

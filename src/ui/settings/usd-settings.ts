import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { DEFAULT_PREFERENCES, type Preferences } from '../app/preferences.ts';
import { cssProps } from '../elements/css-props.ts';
import { dialogStyles } from '../elements/dialog-styles.ts';
import { PICTURES } from '../panels/usd-render-settings.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import {
  isSameChoice,
  SETTING_GROUPS,
  type ChoiceSetting,
  type RangeSetting,
  type Setting,
  type SettingGroup,
  type SettingKey,
} from './settings-list.ts';

const MIB = 1024 * 1024;

/**
 * All settings of this browser. Each counts at once.
 *
 * @fires usd-preferences some changed
 * @fires usd-reset-preferences all are to be the defaults again
 * @fires usd-adopt-look the look of the scene that is open is to be every scene's
 * @fires usd-environment a picture to light scenes with was chosen, or is no longer wanted
 * @fires usd-clear what the browser keeps is to be deleted
 * @fires usd-close the dialog was closed
 */
@customElement('usd-settings')
export class UsdSettings extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      section {
        padding-block: var(--space-2) var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      section:last-child {
        border: 0;
      }

      h2 {
        margin: 0 0 var(--space-1);
        font-size: var(--size-3);
        font-weight: 600;
      }

      p {
        margin: 0;
        color: var(--text-3);
        font-size: var(--size-2);
      }

      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 16rem) var(--control);
        align-items: center;
        gap: 0 var(--space-2);
        min-height: calc(var(--control) + 0.4rem);
        padding-block: 0.2rem;
      }

      .line > p {
        grid-column: 1 / -1;
      }

      .range {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 3rem;
        align-items: center;
        gap: var(--space-2);
      }

      output {
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      .picture {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: var(--space-1);
        min-width: 0;
      }

      .picture span {
        flex: 1;
        overflow: hidden;
        color: var(--text-2);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        padding-block: var(--space-1);
      }

      @media (max-width: 30rem) {
        .line {
          grid-template-columns: minmax(0, 1fr) var(--control);
        }

        .line > label,
        .line > .name {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  @property({ attribute: false }) preferences: Preferences = DEFAULT_PREFERENCES;
  /** Name of the stored environment picture, '' without one. */
  @property() environmentName = '';
  /** Something is open whose look can be taken. */
  @property({ type: Boolean }) hasStage = false;
  /** Bytes that copies of recent files take. */
  @property({ type: Number }) usedBytes = 0;

  @state() private isClearing = false;

  @query('dialog') private dialog!: HTMLDialogElement;

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    const isDefault = SETTING_GROUPS.every(({ settings }) => settings.every(({ key }) => this.#isDefault(key)));
    return html`
      <dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new CustomEvent('usd-close'))}>
        <header>
          <h1 id="title">Settings</h1>
          <button class="quiet icon-only" aria-label="Close" autofocus @click=${() => this.dialog.close()}>${icon('close')}</button>
        </header>
        <div class="body scroll">${SETTING_GROUPS.map((group) => this.#renderGroup(group))}</div>
        <footer>
          <button ?disabled=${isDefault} @click=${() => this.#emit('usd-reset-preferences', {})}>Reset all settings</button>
        </footer>
      </dialog>
    `;
  }

  #renderGroup({ title, note, settings }: SettingGroup): TemplateResult {
    return html`
      <section aria-label=${title}>
        <h2>${title}</h2>
        ${note === undefined ? nothing : html`<p>${note}</p>`} ${settings.map((setting) => this.#renderSetting(setting))}
        ${title === 'Look of scenes' ? this.#renderEnvironment() : nothing} ${title === 'Storage' ? this.#renderStorage() : nothing}
      </section>
    `;
  }

  #renderSetting(setting: Setting): TemplateResult {
    const { key, label, note } = setting;
    return html`
      <div class="line">
        <label for=${key}>${label}</label>
        ${this.#renderControl(setting)}
        <button
          class="quiet icon-only"
          title="Reset to the default"
          aria-label="Reset ${label}"
          ?disabled=${this.#isDefault(key)}
          @click=${() => this.#change(key, DEFAULT_PREFERENCES[key])}
        >
          ${icon('reset')}
        </button>
        ${note === undefined ? nothing : html`<p id="${key}-note">${note}</p>`}
      </div>
    `;
  }

  #renderControl(setting: Setting): TemplateResult {
    switch (setting.kind) {
      case 'choice':
        return this.#renderChoice(setting);
      case 'range':
        return this.#renderRange(setting);
      case 'switch':
        return html`<input
          type="checkbox"
          id=${setting.key}
          .checked=${this.preferences[setting.key] === true}
          @change=${(event: Event) => this.#change(setting.key, (event.target as HTMLInputElement).checked)}
        />`;
    }
  }

  #renderChoice({ key, choices, note }: ChoiceSetting): TemplateResult {
    const value = this.preferences[key];
    const isListed = choices.some(([choice]) => isSameChoice(choice, value));
    const all = isListed
      ? choices
      : [...choices, [value, typeof value === 'number' ? `${Math.round(value / MIB)} MiB` : 'Own colour'] as const];
    return html`<select
      id=${key}
      aria-describedby=${note === undefined ? nothing : `${key}-note`}
      @change=${(event: Event) => {
        const chosen = all[(event.target as HTMLSelectElement).selectedIndex];
        if (chosen !== undefined) this.#change(key, chosen[0]);
      }}
    >
      ${all.map(([choice, name]) => html`<option .selected=${isSameChoice(choice, value)}>${name}</option>`)}
    </select>`;
  }

  #renderRange({ key, min, max, step, text }: RangeSetting): TemplateResult {
    const value = Number(this.preferences[key]);
    return html`<div class="range" ${cssProps({ '--filled': `${((value - min) / (max - min)) * 100}%` })}>
      <input
        type="range"
        id=${key}
        min=${min}
        max=${max}
        step=${step}
        aria-valuetext=${text(value)}
        .value=${String(value)}
        @input=${(event: Event) => this.#change(key, Number((event.target as HTMLInputElement).value))}
      />
      <output for=${key}>${text(value)}</output>
    </div>`;
  }

  #renderEnvironment(): TemplateResult {
    const { environmentName } = this;
    return html`
      <div class="line">
        <span class="name" id="environment">Environment image</span>
        <div class="picture" role="group" aria-labelledby="environment">
          <span title=${environmentName}>${environmentName === '' ? 'None' : environmentName}</span>
          <button @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#image')?.click()}>Choose…</button>
          <input type="file" id="image" hidden accept=${PICTURES} @change=${this.#onImage} />
        </div>
        <button
          class="quiet icon-only"
          title="Remove"
          aria-label="Remove the environment image"
          ?disabled=${environmentName === ''}
          @click=${() => this.#emit('usd-environment', { file: undefined })}
        >
          ${icon('close')}
        </button>
        <p>Kept in this browser. Also drop an .hdr or .exr file on a scene, to light that one alone</p>
      </div>
      <div class="actions">
        <button ?disabled=${!this.hasStage} @click=${() => this.#emit('usd-adopt-look', {})}>Use the look of this scene</button>
      </div>
    `;
  }

  #renderStorage(): TemplateResult {
    return html`
      <p>Copies of recent files take ${(this.usedBytes / MIB).toFixed(1)} MiB</p>
      <div class="actions">
        <button @click=${() => this.#emit('usd-clear', { what: 'recents' })}>Clear recent files</button>
        ${
          this.isClearing
            ? html`<span role="group" aria-label="Delete recent files, settings, the environment image and the session?" class="actions">
                <button class="primary" @click=${this.#clearAll}>Delete it all</button>
                <button @click=${() => (this.isClearing = false)}>Keep it</button>
              </span>`
            : html`<button @click=${() => (this.isClearing = true)}>Clear all stored data…</button>`
        }
      </div>
      ${
        this.isClearing
          ? html`<p role="status">
              Recent files and their copies, settings, the environment image and what was open last time are deleted
            </p>`
          : nothing
      }
    `;
  }

  #clearAll = (): void => {
    this.isClearing = false;
    this.#emit('usd-clear', { what: 'everything' });
  };

  #onImage = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // The same file may be chosen again.
    input.value = '';
    if (file !== undefined) this.#emit('usd-environment', { file });
  };

  #isDefault(key: SettingKey): boolean {
    return isSameChoice(this.preferences[key], DEFAULT_PREFERENCES[key]);
  }

  #change(key: SettingKey, value: Preferences[SettingKey]): void {
    this.#emit('usd-preferences', { preferences: { [key]: value } });
  }

  #emit<K extends keyof SettingsEvents>(type: K, detail: SettingsEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

interface SettingsEvents {
  'usd-preferences': { readonly preferences: Partial<Preferences> };
  'usd-reset-preferences': object;
  'usd-adopt-look': object;
  'usd-environment': { readonly file: File | undefined };
  'usd-clear': { readonly what: 'recents' | 'everything' };
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-settings': UsdSettings;
  }
  interface HTMLElementEventMap {
    'usd-preferences': CustomEvent<SettingsEvents['usd-preferences']>;
    'usd-reset-preferences': CustomEvent<object>;
    'usd-adopt-look': CustomEvent<object>;
    'usd-clear': CustomEvent<SettingsEvents['usd-clear']>;
  }
}

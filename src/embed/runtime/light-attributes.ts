/** Light, background, shadow and purposes of a view: attributes that change settings, and the picture all around. */
import { ViewStateError } from '../../share/view-state/view-state-error.ts';
import type { EngineController } from '../../ui/controllers/engine-controller.ts';
import type { RendererController } from '../../ui/controllers/renderer-controller.ts';
import type { ElementSide } from '../element-side.ts';
import { absoluteAddress } from '../source-address.ts';
import { environmentAddress, renderSettingsOf } from './render-attributes.ts';

export class LightAttributes {
  #side: ElementSide;
  #engine: EngineController;
  #renderer: RendererController;
  #tell: (error: unknown) => void;
  #address: string | null = null;

  /** @param tell takes what could not be done */
  constructor(side: ElementSide, engine: EngineController, renderer: RendererController, tell: (error: unknown) => void) {
    this.#side = side;
    this.#engine = engine;
    this.#renderer = renderer;
    this.#tell = tell;
  }

  update(): void {
    const { element } = this.#side;
    try {
      this.#renderer.setSettings(renderSettingsOf(element));
    } catch (error) {
      this.#tell(error);
    }
    const address = environmentAddress(element);
    if (address === this.#address) return;
    this.#address = address;
    this.#load(address).catch((error: unknown) => this.#tell(error));
  }

  async #load(address: string | null): Promise<void> {
    if (address === null) await this.#engine.loadEnvironment();
    else {
      const url = absoluteAddress(address, document.baseURI);
      if (url === undefined) throw new ViewStateError('environment-image', address, 'the address of a picture');
      await this.#engine.loadEnvironment({ kind: 'url', url: url.href, withCredentials: this.#side.element.withCredentials });
    }
    if (address === this.#address) this.#side.emit('environment-change', { url: address });
  }
}

/** The picture that lights the scene in place of the studio: where it comes from, and what became of it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { EnvironmentSource, EnvironmentSummary } from '../../share/protocol/engine.ts';
import type { EngineController } from './engine-controller.ts';

export class EnvironmentController implements ReactiveController {
  /** The picture in use. */
  picture: EnvironmentSummary | undefined;
  /** Name of a picture that is being read. */
  loadingName: string | undefined;

  #host: ReactiveControllerHost;
  #engine: EngineController;

  constructor(host: ReactiveControllerHost, engine: EngineController) {
    this.#host = host;
    this.#engine = engine;
    host.addController(this);
  }

  hostConnected(): void {}

  /**
   * Reads a picture and gives it to the renderer; without a source the picture is forgotten. After a failure the one before stays.
   *
   * @param name to show while it is read
   * @throws RemoteError with code `cancelled` when another picture overtook this one
   */
  async load(source?: EnvironmentSource, name?: string): Promise<EnvironmentSummary | undefined> {
    this.#setLoading(name);
    try {
      this.picture = await this.#engine.loadEnvironment(source);
      return this.picture;
    } finally {
      // A newer picture that is being read keeps its own name.
      if (this.loadingName === name) this.#setLoading(undefined);
    }
  }

  #setLoading(name: string | undefined): void {
    this.loadingName = name;
    this.#host.requestUpdate();
  }
}

/** The one file among these, where it is a picture that can only be an environment. */
export function environmentAmong(files: readonly { readonly file: File }[]): File | undefined {
  const [only, ...others] = files;
  return only !== undefined && others.length === 0 && /\.(?:hdr|exr)$/iu.test(only.file.name) ? only.file : undefined;
}

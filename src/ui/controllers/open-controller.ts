/** Every way to open something: from scripts, addresses, drops, pickers and recents. Failures become a state of the load. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { RemoteError } from '../../share/protocol/channel.ts';
import type { AssetSource, FileEntry, StageOptions, StageSummary } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { ViewState } from '../../share/view-state/view-state.ts';
import { addressOf, nameOfPath, nameOfUrl } from '../app/address.ts';
import { pickFiles } from '../app/file-picker.ts';
import type { HandedFiles } from '../app/handed-files.ts';
import type { OpenDocument, OpenJob } from '../app/open-job.ts';
import { sharedPreferences } from '../app/preferences.ts';
import { loadRecents } from '../recents/load-recents.ts';
import { cancelled, errorInfoOf, type EngineController } from './engine-controller.ts';
import { RootFinder } from './root-finder.ts';

/** The bundled scene, relative to the page. */
export const SAMPLE_URL = 'samples/sample.usdz';

export interface OpenOptions extends StageOptions {
  /** What is to be seen of it; its time and variants count unless they are given by themselves. */
  readonly view?: ViewState;
}

export interface OpenFilesOptions extends OpenOptions {
  /** Path of the root layer among the files; looked for when absent. */
  readonly root?: string;
  /** File system handles that gave the files: with them they can be opened again in a later visit. */
  readonly handles?: readonly FileSystemHandle[];
}

export interface OpenHooks {
  /** Opening begins. */
  opening(name: string): void;
  /** A stage is open and asked to be seen in a certain way. */
  show(view: ViewState): void;
  failed(name: string, error: ErrorInfo): void;
}

export class OpenController implements ReactiveController {
  readonly rootFinder: RootFinder;
  /** What the open stage came from. */
  document: OpenDocument | undefined;
  /** View of a link to a local file: for the next file of that name. */
  awaited: { readonly name: string; readonly view: ViewState } | undefined;

  /** What is being opened. */
  #opening: OpenDocument | undefined;
  #host: ReactiveControllerHost;
  #engine: EngineController;
  #hooks: OpenHooks;

  constructor(host: ReactiveControllerHost, engine: EngineController, hooks: OpenHooks) {
    this.#host = host;
    this.#engine = engine;
    this.#hooks = hooks;
    this.rootFinder = new RootFinder(host, (files) => engine.findRoots(files));
    host.addController(this);
  }

  hostConnected(): void {}

  /** The stage that was asked for last is open: it is the document, before anybody hears of it. */
  stageOpened(): void {
    this.document = this.#opening;
    this.awaited = undefined;
  }

  /** @throws RemoteError when it cannot be opened; code `cancelled` when another load overtook it or the user gave up */
  async openFiles(files: readonly FileEntry[], options: OpenFilesOptions = {}): Promise<StageSummary> {
    const { root: wanted, handles = [], ...rest } = options;
    this.rootFinder.giveUp();
    const root =
      wanted ??
      (await this.rootFinder.find(files).catch((error: unknown) => {
        throw this.refuse(`${files.length} files`, errorInfoOf(error));
      }));
    const name = nameOfPath(root);
    const view = rest.view ?? (this.awaited?.name === name ? this.awaited.view : undefined);
    const source: AssetSource = { kind: 'files', files, root };
    return this.#open(source, { kind: 'files', name, files, root, handles }, view === undefined ? rest : { ...rest, view });
  }

  /** @throws RemoteError as `openFiles` */
  async openUrl(url: string, options: OpenOptions = {}): Promise<StageSummary> {
    this.rootFinder.giveUp();
    const address = addressOf(url);
    if (address === undefined) {
      throw this.refuse(url, { code: 'bad-url', severity: 'error', message: `"${url}" is no http or https address`, asset: url });
    }
    return this.#open({ kind: 'url', url: address }, { kind: 'url', name: nameOfUrl(address), url: address }, options);
  }

  /** Does what a hand or a tab asked for. What fails is shown by the state it leaves. */
  async run(job: OpenJob): Promise<void> {
    const options = job.kind === 'empty' || job.view === undefined ? {} : { view: job.view };
    try {
      switch (job.kind) {
        case 'empty':
          return;
        case 'url':
          await this.openUrl(job.url, options);
          return;
        case 'files': {
          const { files, root, handles } = job;
          if (files.length > 0) await this.openFiles(files, { ...options, handles, ...(root === undefined ? {} : { root }) });
          return;
        }
        case 'recent':
          await this.#openRecent(job.id, job.name, options);
      }
    } catch (error) {
      if (!(error instanceof RemoteError)) this.refuse(job.kind === 'recent' ? job.name : 'What was chosen', errorInfoOf(error));
    }
  }

  openSample(): Promise<void> {
    return this.run({ kind: 'url', url: SAMPLE_URL });
  }

  /** Files from a drop, a paste or a picker. */
  async take(given: Promise<HandedFiles | undefined>, open: (job: OpenJob) => void): Promise<void> {
    try {
      const handed = await given;
      if (handed !== undefined && handed.files.length > 0) open({ kind: 'files', ...handed });
    } catch (error) {
      this.refuse('What was handed over', errorInfoOf(error));
    }
  }

  /** Lets the user choose; call it within a gesture. */
  pick(isFolder: boolean, open: (job: OpenJob) => void): Promise<void> {
    return this.take(pickFiles(isFolder), open);
  }

  /** What could not even be tried: shown like a failed load. */
  refuse(name: string, error: ErrorInfo): RemoteError {
    if (error.code !== 'cancelled') {
      this.#engine.failLoad(name, error);
      this.#hooks.failed(name, error);
    }
    return new RemoteError(error);
  }

  /** Opens once more what is open, being opened or could not be opened, as the preferences are now. @param view what is seen of it */
  async reopen(view: ViewState): Promise<void> {
    const { load, summary } = this.#engine;
    if (load.kind === 'idle' && summary === undefined) return;
    const document = load.kind === 'idle' || (load.kind === 'loading' && load.isComposed) ? this.document : this.#opening;
    if (document === undefined) return;
    const options = document === this.document ? { view } : {};
    if (document.kind === 'url') await this.openUrl(document.url, options);
    else await this.openFiles(document.files, { ...options, root: document.root, handles: document.handles });
  }

  async #openRecent(id: string, name: string, options: OpenOptions): Promise<void> {
    const recents = await loadRecents();
    const entry = recents.find(id);
    if (entry === undefined) {
      this.refuse(name, { code: 'recent-unavailable', severity: 'error', message: `${name} is no longer among the recent files` });
      return;
    }
    const reopened = await recents.reopen(entry).catch((error: unknown) => {
      throw this.refuse(name, { ...errorInfoOf(error), code: 'recent-unavailable' });
    });
    if (reopened.kind === 'url') await this.openUrl(reopened.url, options);
    else {
      const { files, root, handles } = reopened;
      await this.openFiles(files, { ...options, handles, ...(root === undefined ? {} : { root }) });
    }
  }

  async #open(source: AssetSource, document: OpenDocument, { view, ...given }: OpenOptions): Promise<StageSummary> {
    this.#opening = document;
    this.#hooks.opening(document.name);
    if (!sharedPreferences.isKnown) await sharedPreferences.ready;
    if (this.#opening !== document) throw new RemoteError(cancelled(document.name));
    const { complexity, memoryBytes } = sharedPreferences.current;
    const options: StageOptions = {
      complexity,
      ...(memoryBytes === 0 ? {} : { memoryBytes }),
      ...(view?.time === undefined ? {} : { timeCode: view.time }),
      ...(view?.variants === undefined ? {} : { variants: view.variants }),
      ...given,
    };
    try {
      const summary = await this.#engine.open(source, document.name, options);
      if (view !== undefined) this.#hooks.show(view);
      this.#host.requestUpdate();
      return summary;
    } catch (error) {
      const info = errorInfoOf(error);
      if (info.code !== 'cancelled') this.#hooks.failed(document.name, info);
      throw error;
    }
  }
}

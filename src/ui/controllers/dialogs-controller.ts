/** Which dialog is open, and what is done in it: settings, commands, pictures, recents. Their parts are fetched when they are wanted first. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CaptureRequest, RenderSettings, SurfaceSize } from '../../share/protocol/renderer.ts';
import type { DialogName, DialogsState } from '../app/dialogs.ts';
import type { Message } from '../app/message.ts';
import type { OpenDocument, OpenJob } from '../app/open-job.ts';
import type { PreferencesController } from '../app/preferences.ts';
import type { Command } from '../commands/command-list.ts';
import type { BackgroundChoice } from '../panels/usd-render-settings.ts';
import type { PictureOptions } from '../picture/picture.ts';
import type { RecordingKind } from '../recording/recording-plan.ts';
import type { ViewRecorder } from '../recording/later-recording.ts';
import { loadRecents } from '../recents/load-recents.ts';
import type { RecentsStore } from '../recents/recents-store.ts';
import type { ViewState } from '../../share/view-state/view-state.ts';
import type { UsdViewport } from '../viewport/usd-viewport.ts';
import type { EngineController } from './engine-controller.ts';
import { InstallController } from './install-controller.ts';
import { SAMPLE_URL, type OpenController } from './open-controller.ts';
import type { PlaybackController } from './playback-controller.ts';
import type { RendererController, RendererState } from './renderer-controller.ts';
import type { Shortcut } from './shortcut-controller.ts';

const COMPLEXITIES = ['low', 'medium', 'high', 'veryhigh'] as const;

/** The view that the dialogs belong to. */
export interface DialogsParts {
  readonly engine: EngineController;
  readonly opener: OpenController;
  readonly preferences: PreferencesController;
  readonly playback: PlaybackController;
  readonly renderer: RendererController;
  viewport(): UsdViewport;
  shortcuts(): readonly Shortcut[];
  openDocument(): OpenDocument | undefined;
  viewState(): ViewState;
  camera(): string;
  settings(): RenderSettings;
  background(): BackgroundChoice;
  /** The chosen background as a colour, the theme's too. */
  backgroundColor(): RenderSettings['background'];
  viewportSize(): SurfaceSize;
  openerFor(isForNewTab: boolean): (job: OpenJob) => void;
  capture(request: Partial<CaptureRequest>): Promise<Blob>;
  giveEnvironment(file: File | undefined): Promise<void>;
  useCamera(path: string): void;
  chooseVariant(primPath: string, set: string, selection: string): void;
  showPrim(path: string): void;
  toggleFullscreen(): void;
  say(message: Message): void;
  announce(text: string): void;
  attempt(run: () => Promise<void>): Promise<void>;
}

export class DialogsController implements ReactiveController {
  recents: RecentsStore | undefined;

  #host: ReactiveControllerHost;
  #parts: DialogsParts;
  #install: InstallController;
  #open: DialogName | undefined;
  #recorder: ViewRecorder | undefined;
  #rendererState: RendererState | undefined;
  #environmentName = '';
  #commands: readonly Command[] = [];

  constructor(host: ReactiveControllerHost, parts: DialogsParts) {
    this.#host = host;
    this.#parts = parts;
    this.#install = new InstallController(host);
    host.addController(this);
  }

  hostConnected(): void {}

  hostUpdated(): void {
    const { state } = this.#parts.renderer;
    if (state === this.#rendererState) return;
    this.#rendererState = state;
    if (state.kind === 'lost' || state.kind === 'unavailable') this.#recorder?.deviceLost();
  }

  get isOpen(): boolean {
    return this.#open !== undefined || this.#recorder?.isDialogOpen === true || this.#parts.opener.rootFinder.candidates !== undefined;
  }

  get state(): DialogsState {
    const { engine, opener, preferences } = this.#parts;
    return {
      open: this.#open,
      rootFinder: opener.rootFinder,
      recording: this.#recorder?.renderDialog(),
      shortcuts: this.#parts.shortcuts(),
      recents: this.recents,
      preferences,
      environmentName: this.#environmentName,
      hasStage: engine.summary !== undefined,
      commands: this.#commands,
      viewportSize: this.#parts.viewportSize,
      closed: (dialog) => {
        if (this.#open === dialog) this.#show(undefined);
      },
      openRecent: (event) => this.openRecent(event),
      adoptLook: () => this.#adoptLook(),
      storeEnvironment: (file) => void this.#storeEnvironment(file),
      clear: (what) => void this.#clear(what),
      findPrims: this.#findPrims,
      showPrim: this.#showPrim,
      takePicture: (what, options) => void (what === 'save' ? this.savePicture(options) : this.copyPicture(options)),
    };
  }

  /** What is shown over the picture while it is recorded. */
  get recordingStatus(): DialogsState['recording'] {
    return this.#recorder?.renderStatus();
  }

  openRecent({ detail: { id, name, isForNewTab } }: HTMLElementEventMap['usd-recent']): void {
    this.#show(undefined);
    this.#parts.openerFor(isForNewTab)({ kind: 'recent', id, name });
  }

  async loadRecents(): Promise<void> {
    const [recents] = await Promise.all([loadRecents(), import('../recents/usd-recents.ts')]);
    await recents.refresh();
    this.recents = recents;
    this.#host.requestUpdate();
  }

  showShortcuts = async (): Promise<void> => {
    await import('../elements/usd-shortcuts.ts');
    this.#show('shortcuts');
  };

  async showRecents(): Promise<void> {
    await Promise.all([this.loadRecents(), import('../recents/usd-recents-dialog.ts')]);
    this.#show('recents');
  }

  showSettings = async (): Promise<void> => {
    const [{ storedEnvironment }] = await Promise.all([
      import('../settings/stored-environment.ts'),
      import('../settings/usd-settings.ts'),
      this.loadRecents(),
    ]);
    this.#environmentName = (await storedEnvironment())?.name ?? '';
    this.#show('settings');
  };

  showCommands = async (): Promise<void> => {
    const [{ commandList }] = await Promise.all([
      import('../commands/command-list.ts'),
      import('../commands/usd-command-palette.ts'),
      this.loadRecents(),
    ]);
    const { engine, opener, preferences, openerFor } = this.#parts;
    this.#commands = commandList({
      shortcuts: this.#parts.shortcuts(),
      summary: engine.summary,
      camera: this.#parts.camera(),
      recents: this.recents?.entries ?? [],
      preferences: preferences.current,
      canInstall: this.#install.canInstall,
      changePreferences: (changed) => preferences.change(changed),
      resetPreferences: () => preferences.reset(),
      openFiles: (isFolder, isForNewTab) => void opener.pick(isFolder, openerFor(isForNewTab)),
      openSample: (isForNewTab) => openerFor(isForNewTab)({ kind: 'url', url: SAMPLE_URL }),
      openRecent: ({ id, name }, isForNewTab) => openerFor(isForNewTab)({ kind: 'recent', id, name }),
      openAgain: () => this.#openAgain(),
      clearRecents: () => void this.#clear('recents'),
      install: () => void this.#install.install(),
      toggleFullscreen: () => this.#parts.toggleFullscreen(),
      record: (kind) => void this.showRecording(kind),
      useCamera: (path) => this.#parts.useCamera(path),
      setVariant: (primPath, set, selection) => this.#parts.chooseVariant(primPath, set, selection),
    });
    this.#show('commands');
  };

  showPicture = async (): Promise<void> => {
    if (this.#parts.engine.summary === undefined) return;
    await import('../picture/usd-picture-dialog.ts');
    this.#show('picture');
  };

  /** While what is seen is recorded, that ends. */
  showRecording = async (kind?: RecordingKind): Promise<void> => {
    const { engine, attempt } = this.#parts;
    if (engine.summary === undefined) return;
    await attempt(async () => {
      const { ViewRecorder } = await import('../recording/later-recording.ts');
      this.#recorder ??= new ViewRecorder({
        ...this.#parts,
        pictureSettings: (isTransparent) => this.#pictureSettings(isTransparent),
        changed: () => this.#host.requestUpdate(),
      });
      this.#recorder.show(kind);
    });
  };

  /** What is open is closed or replaced. */
  forgetStage(): void {
    this.#recorder?.cancel();
  }

  /** As the viewport shows it, where no options are given. */
  async savePicture(options?: PictureOptions): Promise<void> {
    const { engine, announce, attempt } = this.#parts;
    const { summary } = engine;
    if (summary === undefined) return;
    await attempt(async () => {
      const [{ savePicture }, blob] = await Promise.all([import('../picture/picture.ts'), this.#picture(options)]);
      announce(`Saved as ${savePicture(blob, summary.name)}`);
    });
  }

  async copyPicture(options?: PictureOptions): Promise<void> {
    const { engine, say, attempt } = this.#parts;
    if (engine.summary === undefined) return;
    await attempt(async () => {
      const { copyPicture } = await import('../picture/picture.ts');
      const isCopied = await copyPicture(this.#picture(options, 'image/png'));
      if (isCopied) say({ text: 'The picture was copied' });
      else {
        const save = { label: 'Save it', run: () => void this.savePicture(options) };
        say({ text: 'The browser does not let the page copy pictures', actions: [save] });
      }
    });
  }

  changeComplexity(step: number): void {
    const { preferences, say } = this.#parts;
    const at = COMPLEXITIES.indexOf(preferences.current.complexity);
    const complexity = COMPLEXITIES[at + step];
    if (complexity === undefined) return;
    preferences.change({ complexity });
    say({ text: `Complexity: ${complexity === 'veryhigh' ? 'very high' : complexity}` });
  }

  /** Lights the scene with the picture that was kept in an earlier visit. */
  async restoreEnvironment(): Promise<void> {
    const { storedEnvironment } = await import('../settings/stored-environment.ts');
    const file = await storedEnvironment();
    if (file !== undefined) await this.#parts.giveEnvironment(file);
  }

  #picture(options?: PictureOptions, type = options?.type): Promise<Blob> {
    return this.#parts.capture({
      ...(options === undefined ? {} : { size: options.size }),
      ...(type === undefined ? {} : { type }),
      settings: this.#pictureSettings(options?.isTransparent === true),
    });
  }

  #pictureSettings(isTransparent: boolean): Partial<RenderSettings> {
    const { backgroundColor, settings } = this.#parts;
    return isTransparent
      ? { background: [0, 0, 0, 0], showsEnvironment: false }
      : { background: backgroundColor(), showsEnvironment: settings().showsEnvironment };
  }

  #adoptLook(): void {
    const { preferences, settings, background, say } = this.#parts;
    const { lighting, toneMap, exposure } = settings();
    preferences.change({ background: background(), lighting, toneMap, exposure });
    say({ text: 'Scenes now begin with this look' });
  }

  async #storeEnvironment(file: File | undefined): Promise<void> {
    const { preferences, giveEnvironment, say } = this.#parts;
    const { storeEnvironment } = await import('../settings/stored-environment.ts');
    let isStored = true;
    try {
      await storeEnvironment(file);
      this.#environmentName = file?.name ?? '';
    } catch {
      isStored = false;
      say({ text: 'The browser does not store the environment image: it lasts until the page is closed' });
    }
    const isUsed = preferences.current.lighting === 'image';
    // The change of the preference makes the view read what is stored.
    if (file !== undefined && isStored && !isUsed) preferences.change({ lighting: 'image' });
    else await giveEnvironment(file);
    if (file === undefined && isUsed) preferences.change({ lighting: 'studio' });
    this.#host.requestUpdate();
  }

  async #clear(what: 'recents' | 'everything'): Promise<void> {
    const { say } = this.#parts;
    if (what === 'recents') {
      await (await loadRecents()).forgetAll();
      say({ text: 'Recent files are forgotten' });
    } else {
      const { clearStoredData } = await import('../settings/clear-stored-data.ts');
      const isCleared = await clearStoredData();
      this.#environmentName = '';
      say({ text: isCleared ? 'Everything that was stored is deleted' : 'The browser lets the page store nothing, and delete nothing' });
    }
    this.#host.requestUpdate();
  }

  /** What is open, as it is seen, in a tab beside it. */
  #openAgain(): void {
    const { openDocument, openerFor, viewState } = this.#parts;
    const document = openDocument();
    if (document === undefined) return;
    const view = viewState();
    openerFor(true)(
      document.kind === 'url'
        ? { kind: 'url', url: document.url, view }
        : { kind: 'files', files: document.files, root: document.root, handles: document.handles, view },
    );
  }

  #findPrims: DialogsState['findPrims'] = (text, limit) => this.#parts.engine.findPrims(text, limit);

  #showPrim = (path: string): void => this.#parts.showPrim(path);

  #show(open: DialogName | undefined): void {
    this.#open = open;
    this.#host.requestUpdate();
  }
}

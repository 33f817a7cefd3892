/** Everything that can be done, as one list: the page's shortcuts, what has no key, settings, and what the open scene and the recents offer. */
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { Preferences } from '../app/preferences.ts';
import type { Shortcut } from '../controllers/shortcut-controller.ts';
import type { RecentEntry } from '../recents/recent-entry.ts';
import type { RecordingKind } from '../recording/recording-plan.ts';
import { isSameChoice, SETTING_GROUPS } from '../settings/settings-list.ts';

export interface Command {
  /** The same in every visit. */
  readonly id: string;
  readonly label: string;
  readonly group: string;
  readonly keys?: readonly string[];
  /** Said beside the label, not searched. */
  readonly detail?: string;
  /** It is so already. */
  readonly isChosen?: boolean;
  /** @param isForNewTab with Alt or Ctrl */
  run(isForNewTab: boolean): void;
}

/** What commands act on. */
export interface CommandHost {
  readonly shortcuts: readonly Shortcut[];
  readonly summary: StageSummary | undefined;
  /** Path of the camera that is looked through, '' for the free one. */
  readonly camera: string;
  readonly recents: readonly RecentEntry[];
  readonly preferences: Preferences;
  readonly canInstall: boolean;
  changePreferences(preferences: Partial<Preferences>): void;
  resetPreferences(): void;
  openFiles(isFolder: boolean, isForNewTab: boolean): void;
  openSample(isForNewTab: boolean): void;
  openRecent(entry: RecentEntry, isForNewTab: boolean): void;
  /** What is open, once more beside it. */
  openAgain(): void;
  clearRecents(): void;
  install(): void;
  toggleFullscreen(): void;
  record(kind: RecordingKind): void;
  useCamera(path: string): void;
  setVariant(primPath: string, set: string, selection: string): void;
}

export function commandList(host: CommandHost): readonly Command[] {
  return [...keyedCommands(host), ...pageCommands(host), ...sceneCommands(host), ...recentCommands(host), ...settingCommands(host)];
}

function keyedCommands({ shortcuts, summary }: CommandHost): Command[] {
  return shortcuts
    .filter(({ isForStage, keys }) => (summary !== undefined || !isForStage) && !keys.includes('escape') && !keys.includes('f1'))
    .map(({ label, group, keys, run }) => ({ id: `key ${label}`, label, group, keys, run }));
}

function pageCommands(host: CommandHost): Command[] {
  const command = (label: string, run: (isForNewTab: boolean) => void): Command => ({ id: `page ${label}`, label, group: 'Page', run });
  return [
    command('Open a folder', (isForNewTab) => host.openFiles(true, isForNewTab)),
    command('Open files in a new tab', () => host.openFiles(false, true)),
    command('Open the sample scene', (isForNewTab) => host.openSample(isForNewTab)),
    ...(host.summary === undefined ? [] : [command('Open this scene in another tab', () => host.openAgain())]),
    ...(host.summary === undefined
      ? []
      : [
          command('Record a turntable…', () => host.record('turntable')),
          ...(host.summary.isAnimated ? [command('Record the animation…', () => host.record('animation'))] : []),
          command('Record what is seen…', () => host.record('live')),
        ]),
    ...(host.recents.length === 0 ? [] : [command('Clear recent files', () => host.clearRecents())]),
    ...(host.canInstall ? [command('Install as an app', () => host.install())] : []),
    ...(document.fullscreenEnabled ? [command('Full screen', () => host.toggleFullscreen())] : []),
  ];
}

function sceneCommands({ summary, camera, useCamera, setVariant }: CommandHost): Command[] {
  if (summary === undefined) return [];
  const cameras = summary.cameras.length === 0 ? [] : [{ path: '', name: 'Free camera' }, ...summary.cameras];
  return [
    ...cameras.map(({ path, name }) => ({
      id: `camera ${path}`,
      label: `Camera: ${name}`,
      group: 'Cameras',
      detail: path,
      isChosen: path === camera,
      run: () => useCamera(path),
    })),
    ...summary.variantSets.flatMap(({ primPath, set, variants, selection }) =>
      variants.map((variant) => ({
        id: `variant ${primPath}{${set}=${variant}}`,
        label: `${set}: ${variant}`,
        group: 'Variants',
        detail: primPath,
        isChosen: variant === selection,
        run: () => setVariant(primPath, set, variant),
      })),
    ),
  ];
}

function recentCommands({ recents, openRecent }: CommandHost): Command[] {
  return recents.map((entry) => ({
    id: `recent ${entry.id}`,
    label: `Open ${entry.name}`,
    group: 'Recent files',
    run: (isForNewTab) => openRecent(entry, isForNewTab),
  }));
}

function settingCommands({ preferences, changePreferences, resetPreferences }: CommandHost): Command[] {
  const command = (label: string, isChosen: boolean, run: () => void): Command => ({
    id: `setting ${label}`,
    label,
    group: 'Settings',
    isChosen,
    run,
  });
  const commands = SETTING_GROUPS.flatMap(({ settings }) =>
    settings.flatMap((setting) => {
      const { key, label, kind } = setting;
      const now = preferences[key];
      if (kind === 'range') return [];
      if (kind === 'switch') return [command(label, now === true, () => changePreferences({ [key]: now !== true }))];
      return setting.choices.map(([value, name]) =>
        command(`${label}: ${name}`, isSameChoice(value, now), () => changePreferences({ [key]: value })),
      );
    }),
  );
  return [...commands, command('Reset all settings', false, resetPreferences)];
}

/** Every setting: what it is called, and what it may be. The dialog and the commands are made from it. */
import type { Preferences } from '../app/preferences.ts';
import { BACKGROUNDS, LIGHTINGS, TONE_MAPS } from '../panels/usd-render-settings.ts';

const MIB = 1024 * 1024;

interface Named {
  readonly key: SettingKey;
  readonly label: string;
  /** What it does, where the name does not say it. */
  readonly note?: string;
}

export type SettingKey = Exclude<keyof Preferences, 'leftWidth' | 'rightWidth' | 'isLeftOpen' | 'isRightOpen'>;

export interface ChoiceSetting extends Named {
  readonly kind: 'choice';
  readonly choices: readonly (readonly [value: Preferences[SettingKey], name: string])[];
}

export interface RangeSetting extends Named {
  readonly kind: 'range';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  text(value: number): string;
}

export interface SwitchSetting extends Named {
  readonly kind: 'switch';
}

export type Setting = ChoiceSetting | RangeSetting | SwitchSetting;

export interface SettingGroup {
  readonly title: string;
  readonly note?: string;
  readonly settings: readonly Setting[];
}

const sensitivity = (key: SettingKey, label: string): RangeSetting => ({
  kind: 'range',
  key,
  label,
  min: 0.2,
  max: 3,
  step: 0.1,
  text: (value) => `${value.toFixed(1)}×`,
});

const room = (mib: number): string => (mib < 1024 ? `${mib} MiB` : `${mib / 1024} GiB`);
const rooms = (mib: readonly number[], none: string): ChoiceSetting['choices'] =>
  mib.map((value) => [value * MIB, value === 0 ? none : room(value)] as const);

export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: 'Page',
    settings: [
      {
        kind: 'choice',
        key: 'theme',
        label: 'Theme',
        choices: [
          ['system', 'As the system'],
          ['dark', 'Dark'],
          ['light', 'Light'],
        ],
      },
      {
        kind: 'choice',
        key: 'units',
        label: 'Sizes in',
        choices: [
          ['stage', "The scene's units"],
          ['m', 'Metres'],
          ['cm', 'Centimetres'],
          ['mm', 'Millimetres'],
          ['in', 'Inches'],
          ['ft', 'Feet'],
        ],
      },
    ],
  },
  {
    title: 'Look of scenes',
    note: 'The Look panel changes the scene that is open; this is what every scene begins with',
    settings: [
      {
        kind: 'choice',
        key: 'background',
        label: 'Background',
        choices: [['theme', 'As the theme'], ['environment', 'Environment'], ...BACKGROUNDS.map(([name, color]) => [color, name] as const)],
      },
      { kind: 'choice', key: 'lighting', label: 'Lighting', choices: LIGHTINGS.map(([value, name]) => [value, name] as const) },
      { kind: 'choice', key: 'toneMap', label: 'Tone mapping', choices: TONE_MAPS },
      {
        kind: 'range',
        key: 'exposure',
        label: 'Exposure',
        min: -5,
        max: 5,
        step: 0.1,
        text: (value) => `${value > 0 ? '+' : ''}${value.toFixed(1)}`,
      },
    ],
  },
  {
    title: 'Controls',
    settings: [
      sensitivity('orbitSensitivity', 'Turning'),
      sensitivity('panSensitivity', 'Panning'),
      sensitivity('zoomSensitivity', 'Zooming'),
      { kind: 'switch', key: 'isZoomInverted', label: 'Invert the wheel' },
    ],
  },
  {
    title: 'Reading scenes',
    note: 'A change opens the scene again, with the same view',
    settings: [
      {
        kind: 'choice',
        key: 'complexity',
        label: 'Complexity',
        note: 'How fine curved shapes are drawn',
        choices: [
          ['low', 'Low'],
          ['medium', 'Medium'],
          ['high', 'High'],
          ['veryhigh', 'Very high'],
        ],
      },
      {
        kind: 'choice',
        key: 'memoryBytes',
        label: 'Memory budget',
        note: 'For files, geometry and textures each. Textures beyond it are shown smaller; files and geometry are left out, with a message',
        choices: rooms([0, 128, 256, 512, 1024, 2048, 4096], 'No limit'),
      },
    ],
  },
  {
    title: 'Storage',
    settings: [
      {
        kind: 'choice',
        key: 'recentsBytes',
        label: 'Room for copies of recent files',
        choices: rooms([0, 64, 256, 1024, 4096], 'None'),
      },
    ],
  },
];

/** Colours are arrays: two of the same numbers are one choice. */
export function isSameChoice(a: Preferences[SettingKey], b: Preferences[SettingKey]): boolean {
  return String(a) === String(b);
}

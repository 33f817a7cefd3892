import { afterEach, expect, test } from 'vitest';
import { DEFAULT_CHOICES, type RecordingChoices } from './recording-choices.ts';
import './usd-record-dialog.ts';
import type { UsdRecordDialog } from './usd-record-dialog.ts';

const encoder = globalThis.VideoEncoder;
let dialog: UsdRecordDialog | undefined;

async function show(properties: Partial<UsdRecordDialog> = {}): Promise<UsdRecordDialog> {
  dialog = document.createElement('usd-record-dialog');
  Object.assign(dialog, { viewport: { width: 641, height: 379 } }, properties);
  const shown = dialog;
  shown.addEventListener('usd-recording-choices', ({ detail }) => (shown.choices = detail.choices));
  document.body.append(dialog);
  await answered();
  await dialog.updateComplete;
  return dialog;
}

afterEach(() => {
  dialog?.remove();
  globalThis.VideoEncoder = encoder;
});

const inside = <E extends HTMLElement>(selector: string): E | null => dialog!.renderRoot.querySelector<E>(selector);
/** The browser has answered what it encodes. */
const answered = (): Promise<void> => expect.poll(() => (dialog as unknown as { isAsking: boolean }).isAsking).toBe(false);
const text = (): string => inside('.body')!.textContent.replaceAll(/\s+/gu, ' ');
const record = (): HTMLButtonElement => inside<HTMLButtonElement>('button.primary')!;

async function choose(id: string, value: string): Promise<void> {
  const field = inside<HTMLSelectElement | HTMLInputElement>(`#${id}`)!;
  field.value = value;
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input'));
  await dialog!.updateComplete;
}

test('offers what the browser encodes, with even sizes, and hands over the track', async () => {
  await show();
  const formats = [...inside<HTMLSelectElement>('#format')!.options].map(({ value }) => value);
  expect(formats).toContain('WebM, VP9');
  expect(formats).not.toContain('MP4, HEVC');
  await choose('format', 'WebM, VP9');
  await choose('size', 'viewport');
  const wanted: unknown[] = [];
  dialog!.addEventListener('usd-record', ({ detail }) => wanted.push(detail));
  // What was offered before was of another size.
  expect(record().disabled).toBe(true);
  await answered();
  await dialog!.updateComplete;
  record().click();
  expect(wanted).toMatchObject([
    { track: { container: 'webm', codec: 'vp9', size: { width: 642, height: 380 }, framesPerSecond: 30, frameCount: 240 } },
  ]);
});

test('tells how many frames there will be, and of numbers that cannot be', async () => {
  await show();
  await choose('seconds', '2.5');
  await choose('turns', '2');
  expect(text()).toContain('150 frames, 5 s');
  expect(record().disabled).toBe(false);
  for (const turns of ['0', '1.5', '']) {
    await choose('turns', turns);
    expect(record().disabled, turns).toBe(true);
  }
  expect(text()).toContain('there are 1 to 100 turns');
});

test('the animation goes at the rate of its stage, where there is one', async () => {
  await show({ animation: { start: 0, end: 99, timeCodesPerSecond: 12 }, stageRate: 12 });
  inside<HTMLInputElement>('input[value=animation]')!.click();
  await dialog!.updateComplete;
  expect(inside<HTMLSelectElement>('#rate')!.value).toBe('12');
  expect(text()).toContain('100 frames');
  inside<HTMLInputElement>('input[value=live]')!.click();
  await dialog!.updateComplete;
  expect(inside<HTMLSelectElement>('#rate')!.value).toBe('30');
  dialog!.animation = undefined;
  await dialog!.updateComplete;
  expect(inside<HTMLInputElement>('input[value=animation]')!.disabled).toBe(true);
});

test('transparent is for formats that can be', async () => {
  await show();
  expect(inside<HTMLInputElement>('#transparent')!.disabled).toBe(true);
  await choose('format', 'WebM, VP9');
  expect(inside<HTMLInputElement>('#transparent')!.disabled).toBe(false);
});

test('without an encoder says what can be done instead', async () => {
  Object.assign(globalThis, { VideoEncoder: undefined });
  await show({ canvasType: 'video/webm;codecs=vp9' });
  await expect.poll(text).toContain('or record what is seen');
  expect(record().disabled).toBe(true);
  inside<HTMLInputElement>('input[value=live]')!.click();
  await dialog!.updateComplete;
  await expect.poll(text).toContain('It records the viewport itself, as WebM');
  expect(record().disabled).toBe(false);
  dialog!.canvasType = '';
  await dialog!.updateComplete;
  expect(record().disabled).toBe(true);
});

test('speaks at the beginning and at each quarter, not at each frame', async () => {
  await show();
  const heard = new Set<string>();
  const status = inside('[role=status]')!;
  const choices: RecordingChoices = { ...DEFAULT_CHOICES };
  dialog!.choices = choices;
  for (let frames = 0; frames <= 100; frames++) {
    dialog!.progress = { frames, total: 100, elapsedSeconds: frames / 2, dropped: 0 };
    await dialog!.updateComplete;
    heard.add(status.textContent);
  }
  expect([...heard].map((line) => line.replace(/, about.*/u, ''))).toEqual([
    'Recording 100 frames',
    '25 percent',
    '50 percent',
    '75 percent',
    '100 percent',
  ]);
  const bar = inside('[role=progressbar]')!;
  expect(bar.getAttribute('aria-valuenow')).toBe('100');
  expect(bar.getAttribute('aria-valuetext')).toBe('100 %, frame 100 of 100');
});

test('Escape ends no recording: it goes to the button that does', async () => {
  await show();
  let cancels = 0;
  dialog!.addEventListener('usd-recording-cancel', () => cancels++);
  dialog!.progress = { frames: 1, total: 10, elapsedSeconds: 1, dropped: 0 };
  await dialog!.updateComplete;
  const native = inside<HTMLDialogElement>('dialog')!;
  const escape = new Event('cancel', { cancelable: true });
  native.dispatchEvent(escape);
  expect(escape.defaultPrevented).toBe(true);
  expect(dialog!.shadowRoot!.activeElement?.id).toBe('cancel');
  expect(cancels).toBe(0);
  inside('#cancel')!.click();
  expect(cancels).toBe(1);
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FrameLoop, type FrameSlot } from './frame-loop.ts';

const FRAME_MS = 16;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, FRAME_MS));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Work of this length on the caller's thread. */
function busy(ms: number): void {
  const now = performance.now() + ms;
  vi.spyOn(performance, 'now').mockReturnValue(now);
}

describe('an animation frame', () => {
  test('draws each view that asked once, in the order of asking', () => {
    const loop = new FrameLoop();
    const drawn: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => loop.join(() => drawn.push(name))) as [FrameSlot, FrameSlot, FrameSlot];
    for (const slot of [b, a, b]) slot.request();
    vi.advanceTimersByTime(FRAME_MS);
    expect(drawn).toEqual(['b', 'a']);
    c.request();
    vi.advanceTimersByTime(10 * FRAME_MS);
    expect(drawn).toEqual(['b', 'a', 'c']);
  });

  test('comes by a timer where the browser gives none', () => {
    vi.stubGlobal('requestAnimationFrame', () => undefined);
    const loop = new FrameLoop();
    const draw = vi.fn();
    loop.join(draw).request();
    vi.advanceTimersByTime(1000);
    expect(draw).toHaveBeenCalledTimes(1);
  });

  test('leaves out views that ended', () => {
    const loop = new FrameLoop();
    const draw = vi.fn();
    const slot = loop.join(draw);
    slot.request();
    slot.leave();
    slot.request();
    vi.advanceTimersByTime(10 * FRAME_MS);
    expect(draw).not.toHaveBeenCalled();
  });

  test('that is used up leaves the rest to the next, before those that ask again', () => {
    const loop = new FrameLoop();
    const drawn: string[] = [];
    const slots: FrameSlot[] = [];
    for (const name of ['a', 'b', 'c']) {
      const slot = loop.join(() => {
        drawn.push(name);
        if (name === 'a') slot.request();
        busy(7);
      });
      slots.push(slot);
    }
    for (const slot of slots) slot.request();
    vi.advanceTimersByTime(FRAME_MS);
    expect(drawn).toEqual(['a', 'b']);
    vi.restoreAllMocks();
    vi.advanceTimersByTime(FRAME_MS);
    expect(drawn.slice(0, 4)).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('a view whose pictures take long', () => {
  /** One picture that keeps the device busy for so long. */
  function picture(slot: FrameSlot, ms: number): void {
    const done = slot.submitted(performance.now());
    vi.advanceTimersByTime(ms);
    done();
  }

  test('draws as fast as it can while it is alone', () => {
    const loop = new FrameLoop();
    const heavy = loop.join(() => undefined);
    heavy.request();
    picture(heavy, 200);
    expect(heavy.waitFor(performance.now())).toBe(0);
  });

  test('leaves the device to others for as long as its last picture took', () => {
    const loop = new FrameLoop();
    const [heavy, light] = [loop.join(() => undefined), loop.join(() => undefined)];
    light.request();
    picture(heavy, 200);
    light.request();
    expect(heavy.waitFor(performance.now())).toBe(200);
    expect(light.waitFor(performance.now())).toBe(0);
    vi.advanceTimersByTime(150);
    expect(heavy.waitFor(performance.now())).toBe(50);
    // The other came to rest.
    vi.advanceTimersByTime(200);
    expect(heavy.waitFor(performance.now())).toBe(0);
  });

  test('is told from one that only waited for the device', () => {
    const loop = new FrameLoop();
    const [heavy, light] = [loop.join(() => undefined), loop.join(() => undefined)];
    heavy.request();
    light.request();
    const heavyDone = heavy.submitted(performance.now());
    const lightDone = light.submitted(performance.now());
    expect([heavy.inFlight, light.inFlight]).toEqual([1, 1]);
    vi.advanceTimersByTime(200);
    heavyDone();
    vi.advanceTimersByTime(4);
    lightDone();
    heavy.request();
    expect([heavy.inFlight, light.inFlight]).toEqual([0, 0]);
    expect(light.waitFor(performance.now())).toBe(0);
    light.request();
    expect(heavy.waitFor(performance.now())).toBe(196);
  });
});

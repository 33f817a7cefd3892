/** Times and counts as people read them. */
import { groupThousands } from '../elements/format.ts';

/** `0:07`, `12:30`, `1:02:03`. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds + 1e-6);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `about 8 seconds`, `about 3 minutes`: no more exact than a guess is. */
export function roughly(seconds: number): string {
  if (seconds < 1.5) return 'about a second';
  if (seconds < 10) return `about ${Math.round(seconds)} seconds`;
  if (seconds < 55) return `about ${Math.round(seconds / 5) * 5} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes <= 1 ? 'about a minute' : `about ${minutes} minutes`;
}

/** `1 frame`, `1,440 frames`. */
export function formatFrames(count: number): string {
  return `${groupThousands(count)} ${count === 1 ? 'frame' : 'frames'}`;
}

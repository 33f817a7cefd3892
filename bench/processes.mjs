/** CPU time and memory of Chromium's processes, read from /proc (Linux only; elsewhere figures are null). */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Process ids started with this user-data folder or below this process. */
export function descendantsOf(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(Number(name));
  }
  const found = [];
  const queue = [pid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    found.push(next);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

/** CPU milliseconds used so far by the GPU processes below `pid`. */
export function gpuProcessCpuMs(pid) {
  let ticks = 0;
  for (const child of descendantsOf(pid)) {
    if (!read(`/proc/${child}/cmdline`).includes('--type=gpu-process')) continue;
    const stat = read(`/proc/${child}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/** Proportional set size of all processes below `pid`, MiB. */
export function memoryMiB(pid) {
  let kib = 0;
  for (const child of descendantsOf(pid)) kib += Number(/^Pss:\s+(\d+)/mu.exec(read(`/proc/${child}/smaps_rollup`))?.[1] ?? 0);
  return kib / 1024;
}

/** Samples memory until stopped; `stop()` returns the peak above the start, MiB. */
export function watchMemory(pid, intervalMs = 40) {
  const base = memoryMiB(pid);
  let peak = base;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryMiB(pid));
  }, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(peak, memoryMiB(pid)) - base;
    },
  };
}

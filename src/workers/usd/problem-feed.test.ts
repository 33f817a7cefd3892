import type { Path, Problem } from 'usd-wasm';
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../share/protocol/engine.ts';
import { ProblemFeed } from './problem-feed.ts';

function problem(code: string, path: string): Problem {
  return { code, severity: 'warning', message: `${code} at ${path}`, path };
}

function startFeed(): { feed: ProblemFeed; events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  const feed = new ProblemFeed((event) => events.push(event));
  feed.open();
  return { feed, events };
}

test('the first batch clears the list of the stage before', () => {
  const { feed, events } = startFeed();
  feed.report(problem('a', '/A'));
  feed.flush();
  expect(events).toEqual([
    { kind: 'problems', problems: [], isReset: true },
    { kind: 'problems', problems: [problem('a', '/A')] },
  ]);
});

test('an edit takes healed problems of the stage and of prims imaged anew off the list', () => {
  const { feed, events } = startFeed();
  feed.report(problem('healed', '/A'));
  feed.report(problem('stays', '/B'));
  feed.reportImaging(problem('undrawn', '/A/child'));
  feed.reportImaging(problem('undrawn', '/B/child'));
  feed.flush();
  feed.renew([problem('stays', '/B')], ['/A' as Path]);
  feed.flush();
  expect(events.at(-1)).toEqual({ kind: 'problems', problems: [problem('stays', '/B'), problem('undrawn', '/B/child')], isReset: true });
  expect(feed.countOf('/A')).toBe(0);
  expect(feed.countOf('/B/child')).toBe(1);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createAwayWatch } from './away-watch.ts';
import { knownPresence, presenceOf, withPresence } from './presence-state.ts';

const minute = 60_000;

const start = (isVisible = true) => {
  const timers = createManualTimers();
  const reports: boolean[] = [];
  const watch = createAwayWatch({ timers, isVisible, report: (isAway) => reports.push(isAway) });
  return { timers, reports, watch };
};

describe('being away', () => {
  test('begins after five minutes without input and ends with the first touch', () => {
    const { timers, reports, watch } = start();
    timers.advance(4 * minute);
    watch.touched();
    timers.advance(5 * minute - 1);
    assert.deepEqual(reports, []);
    timers.advance(1);
    assert.deepEqual(reports, [true]);
    watch.touched();
    watch.touched();
    assert.deepEqual(reports, [true, false]);
    timers.advance(5 * minute);
    assert.deepEqual(reports, [true, false, true]);
  });

  test('begins half a minute after the page was hidden; a glance elsewhere is none', () => {
    const { timers, reports, watch } = start();
    watch.shown(false);
    timers.advance(29_999);
    watch.shown(true);
    timers.advance(minute);
    assert.deepEqual(reports, []);
    watch.shown(false);
    timers.advance(30_000);
    assert.deepEqual(reports, [true]);
    watch.touched();
    assert.deepEqual(reports, [true], 'nobody touches a hidden page');
    watch.shown(true);
    assert.deepEqual(reports, [true, false]);
  });

  test('of a page that was opened in the background begins without being shown', () => {
    const { timers, reports } = start(false);
    timers.advance(30_000);
    assert.deepEqual(reports, [true]);
  });

  test('is told again to a new connection, and not at all after the end', () => {
    const { timers, reports, watch } = start();
    watch.connected();
    assert.deepEqual(reports, []);
    timers.advance(5 * minute);
    watch.connected();
    assert.deepEqual(reports, [true, true]);
    watch.touched();
    watch.stop();
    timers.advance(10 * minute);
    assert.deepEqual(reports, [true, true, false]);
  });

  test('is not put off by a clock that was set back', () => {
    const { timers, reports } = start();
    timers.setBack(60 * minute);
    timers.advance(5 * minute);
    assert.deepEqual(reports, [true]);
  });
});

test('everybody is online, away or gone, and who went is remembered to the minute', () => {
  let state = knownPresence(['alice', 'bob'], ['bob']);
  const all = (): string[] => ['alice', 'bob', 'carol'].map((uid) => presenceOf(state, uid));
  assert.deepEqual(all(), ['online', 'away', 'offline']);
  state = withPresence(state, { online: ['bob', 'carol'], away: ['alice'], offline: [] }, 0);
  assert.deepEqual(all(), ['away', 'online', 'online']);
  assert.deepEqual([...state.onlineUids].sort(), ['alice', 'bob', 'carol'], 'away is connected');
  state = withPresence(state, { online: [], away: [], offline: ['alice'] }, 3 * minute + 59_999);
  assert.deepEqual(all(), ['offline', 'online', 'online']);
  assert.deepEqual([state.awayUids.size, state.lastSeenByUid.get('alice')], [0, 3 * minute]);
});

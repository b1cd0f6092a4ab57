import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import { onDroppedError } from '../../state/drop.ts';
import { fail } from '../../state/failure.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createPinsActions } from './pins-actions.ts';

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('a bug while pins are saved is reported and does not stop the next saving, nor a sign-out', async () => {
  const reported: unknown[] = [];
  onDroppedError((error) => reported.push(error));
  const answer = async () => ({ ok: true, value: { counter: 2 } });
  let isBroken = true;
  let saved = 0;
  const pins = createPinsActions({
    // The only request that is made here is `vault:put-pins`.
    call: answer as unknown as Call,
    timers: createManualTimers(),
    pinsCounter: 1,
    takeNewVault: async () => false,
    crypto: {
      takePinsBlob: async () => {
        if (isBroken) throw new TypeError('a bug');
        return { counter: 2, blob: 'blob' };
      },
      pinsSaved: async () => void (saved += 1),
      mergePins: async () => undefined,
    },
  });
  await pins.flush();
  assert.equal(reported.length, 1);
  isBroken = false;
  await pins.flush();
  assert.equal(saved, 1);
});

test('pins that lost every race are saved later', async () => {
  const timers = createManualTimers();
  let puts = 0;
  const answer = async (name: string) => {
    if (name === 'vault:get') return { ok: true, value: { pins: { counter: puts, blob: 'theirs' } } };
    puts += 1;
    return puts <= 4 ? fail('STALE_COUNTER') : { ok: true, value: { counter: puts } };
  };
  const pins = createPinsActions({
    // Answers `vault:get` and `vault:put-pins`, which is all that is asked.
    call: answer as unknown as Call,
    timers,
    pinsCounter: 1,
    takeNewVault: async () => false,
    crypto: {
      takePinsBlob: async () => ({ counter: puts + 1, blob: 'mine' }),
      pinsSaved: async () => undefined,
      mergePins: async () => undefined,
    },
  });
  await pins.flush();
  assert.equal(puts, 4);
  timers.advance(600_000);
  await settled();
  assert.equal(puts, 5);
});

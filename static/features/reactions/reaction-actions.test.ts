import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { ReactionRow } from '../../crypto/index.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { createReactionActions } from './reaction-actions.ts';

const people = { alice: 'a'.repeat(21) + 'A', bob: 'b'.repeat(21) + 'A' };
const roomUid = 'r'.repeat(21) + 'A';

const messageWith = (...reactions: { token: string; people: string[]; sealed?: string }[]): Message => ({
  roomUid,
  seq: 1,
  senderUid: people.alice,
  clientId: 'c'.repeat(21) + 'A',
  kind: 'text',
  target: null,
  n: 0,
  envelope: 'm1.1.x',
  sentAt: 0,
  rev: 1,
  reactions: reactions.map((reaction) => ({ sealed: `sealed ${reaction.token}`, ...reaction })),
});

/** A room whose tokens are the emojis themselves; `answers` are what the server says to the next requests. */
function setUp(answers: Result<unknown>[] = []) {
  const asked: unknown[][] = [];
  const opened: ReactionRow[][] = [];
  const caughtUp: string[] = [];
  const call = async (name: string, input: object) => {
    asked.push([name, input]);
    return answers.shift() ?? succeed({ rev: 2 });
  };
  let epoch = 1;
  const actions = createReactionActions({
    call: call as unknown as Call, // only the two requests of reactions are made
    crypto: {
      sealReaction: async ({ emoji }) => ({ ok: true, token: `${emoji} ${epoch}`, sealed: `r1.${epoch}.x` }),
      openReactions: async (_roomUid, rows) => {
        opened.push(rows);
        return rows.map(({ token, sealed }) =>
          sealed === 'garbage'
            ? { ok: false, reason: 'TAMPERED' }
            : { ok: true, emoji: token.split(' ')[0] ?? '' },
        );
      },
    },
    keys: { accept: async () => null, ensureSendable: async () => succeed(undefined) },
    meUid: people.bob,
    catchUp: async (uid) => {
      epoch += 1;
      caughtUp.push(uid);
      return true;
    },
  });
  return { actions, asked, opened, caughtUp };
}

test('tokens are opened once, and those of many messages together', async () => {
  const { actions, opened } = setUp();
  const first = messageWith({ token: '👍 1', people: [people.alice] });
  const second = {
    ...messageWith({ token: '🎉 1', people: [people.alice] }),
    clientId: 'd'.repeat(21) + 'A',
  };
  const [one, two] = await Promise.all([actions.read(first), actions.read(second)]);
  assert.deepEqual(one.ok && [...one.value], [['👍 1', '👍']]);
  assert.deepEqual(two.ok && [...two.value], [['🎉 1', '🎉']]);
  await actions.read({ ...first, rev: 9 });
  assert.deepEqual(
    opened.map((rows) => rows.map(({ token }) => token)),
    [['👍 1', '🎉 1']],
  );
});

test('what does not open is left out, and asked for again only when it was sealed by another', async () => {
  const { actions, opened } = setUp();
  const bad = messageWith({ token: '👍 1', people: [people.alice], sealed: 'garbage' });
  assert.deepEqual(await actions.read(bad), succeed(new Map()));
  await actions.read(bad);
  assert.equal(opened.length, 1);
  const repaired = await actions.read(messageWith({ token: '👍 1', people: [people.bob], sealed: 'fine' }));
  assert.equal(repaired.ok && repaired.value.get('👍 1'), '👍');
});

test('a reaction is made with the spelling that is there, and taken back by all of its tokens', async () => {
  const { actions, asked } = setUp();
  const message = messageWith({ token: '❤️ 1', people: [people.alice] });
  assert.deepEqual(await actions.toggle(message, '❤'), succeed({ isOn: true }));
  const place = { roomUid, message: `${message.senderUid}.${message.clientId}` };
  assert.deepEqual(asked, [['reaction:add', { ...place, token: '❤️ 1', sealed: 'r1.1.x' }]]);
  asked.length = 0;
  const mine = messageWith(
    { token: '❤️ 1', people: [people.alice, people.bob] },
    { token: '❤️ 0', people: [people.bob] },
  );
  assert.deepEqual(await actions.toggle(mine, '❤️'), succeed({ isOn: false }));
  assert.deepEqual(asked, [
    ['reaction:remove', { ...place, token: '❤️ 1' }],
    ['reaction:remove', { ...place, token: '❤️ 0' }],
  ]);
});

test('a reaction of an epoch that moved on is sealed anew, but not for ever', async () => {
  const { actions, asked, caughtUp } = setUp([fail('STALE_EPOCH'), fail('REKEY_NEEDED')]);
  assert.deepEqual(await actions.toggle(messageWith(), '👍'), succeed({ isOn: true }));
  assert.deepEqual(
    asked.map(([, input]) => Object(input).token),
    ['👍 1', '👍 2', '👍 3'],
  );
  assert.deepEqual(caughtUp, [roomUid, roomUid]);
  const stuck = setUp(Array.from({ length: 9 }, () => fail('STALE_EPOCH')));
  const result = await stuck.actions.toggle(messageWith(), '👍');
  assert.equal(!result.ok && result.code, 'STALE_EPOCH');
  assert.equal(stuck.asked.length, 4);
});

test('other refusals are said, and nothing is tried again', async () => {
  const { actions, asked } = setUp([fail('TOO_MANY_REACTIONS')]);
  const result = await actions.toggle(messageWith(), '👍');
  assert.equal(!result.ok && result.code, 'TOO_MANY_REACTIONS');
  assert.equal(asked.length, 1);
});

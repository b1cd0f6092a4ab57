import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CryptoEngine, PersonTrust, PersonTrustInput } from '../../crypto/index.ts';
import { succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { emptyPeople } from '../people/person-state.ts';
import { emptyRooms } from '../rooms/room-state.ts';
import { createDeskActions } from './desk-actions.ts';
import { createMarkLooks } from './mark-looks.ts';
import { noTrustNews } from './trust-news.ts';

type Facts = Pick<PersonTrust, 'state' | 'mark'>;

/** A desk whose engine says these things of people. */
const createDesk = (known: Record<string, Facts>) => {
  const asked: string[][] = [];
  const answers: Record<string, (input: PersonTrustInput) => unknown> = {
    trustOf: ({ people }) => {
      asked.push(people.map(({ userUid, version }) => `${userUid}.${String(version)}`));
      return people.map((person) => ({ ...person, ...known[person.userUid] }));
    },
    confirmIdentity: () => ({ ok: true }),
  };
  // Only what is asked for here.
  const crypto = {
    trust: async (method: string, input: PersonTrustInput) => answers[method]?.(input),
  } as unknown as CryptoEngine;
  const trust = createStore(noTrustNews());
  const actions = createDeskActions({
    crypto,
    keys: { accept: async () => null },
    people: createStore(emptyPeople()),
    rooms: createStore(emptyRooms()),
    trust,
    healing: { confirmed: async () => succeed(undefined) },
    meUid: 'alice',
  });
  return { actions, trust, asked, known };
};

test('marks of a list are added to those that are known, and a mark that is lost goes', async () => {
  const { actions, trust, known } = createDesk({
    bob: { state: 'digits', mark: 'verified' },
    carol: { state: 'unconfirmed', mark: 'changed' },
    dave: { state: 'conflict', mark: 'verified' },
  });
  await actions.lookAtMarks([{ userUid: 'bob', version: 1 }]);
  await actions.lookAtMarks([
    { userUid: 'carol', version: 2 },
    { userUid: 'dave', version: 1 },
  ]);
  assert.deepEqual([...trust.get().verifiedUids], ['bob']);
  assert.deepEqual([...trust.get().unconfirmedUids], ['carol', 'dave']);
  known['bob'] = { state: 'unconfirmed', mark: 'verified' };
  await actions.lookAtMarks([{ userUid: 'bob', version: 2 }]);
  assert.deepEqual([...trust.get().verifiedUids], []);
  assert.deepEqual([...trust.get().unconfirmedUids], ['carol', 'dave', 'bob']);
});

test('whoever is confirmed by digits loses the mark of an unconfirmed key', async () => {
  const { actions, trust, known } = createDesk({ carol: { state: 'unconfirmed', mark: 'none' } });
  await actions.lookAtMarks([{ userUid: 'carol', version: 2 }]);
  assert.deepEqual([...trust.get().unconfirmedUids], ['carol']);
  known['carol'] = { state: 'digits', mark: 'none' };
  assert.deepEqual(await actions.confirmIdentity('carol', 2, '123456789012'), succeed({ ok: true }));
  assert.deepEqual([...trust.get().unconfirmedUids], []);
});

test('a list asks for each person once, and again for a newer key', () => {
  const { actions, asked } = createDesk({ bob: { state: 'seen', mark: 'none' } });
  // Only the marks are looked at.
  const look = createMarkLooks({ actions: { trust: actions } } as unknown as Parameters<
    typeof createMarkLooks
  >[0]);
  look([
    { userUid: 'bob', identityVersion: 1 },
    { userUid: 'new', identityVersion: 0 },
  ]);
  look([{ userUid: 'bob', identityVersion: 1 }]);
  look([{ userUid: 'bob', identityVersion: 2 }]);
  assert.deepEqual(asked, [['bob.1'], ['bob.2']]);
});

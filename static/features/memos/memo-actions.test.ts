import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Person } from '#contract/accounts.ts';
import type { Memo } from '#contract/memos.ts';
import { CryptoError } from '../../crypto/index.ts';
import type { Call } from '../../connection/socket-connection.ts';
import { createClock } from '../../state/clock.ts';
import { fail, succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createMemoActions } from './memo-actions.ts';
import type { MemoDeps, NewMemo } from './memo-actions.ts';

const person = (userUid: string, facts: Partial<Person> = {}): Person => ({
  userUid,
  username: userUid,
  displayName: userUid,
  department: '',
  title: '',
  statusText: '',
  state: 'active',
  identityVersion: 1,
  rev: 1,
  ...facts,
});

const stored = (body: string, facts: Partial<Memo> = {}): Memo => ({
  memoUid: 'm',
  box: 'sent',
  senderUid: 'me',
  sender: 'me.1.x',
  readersHash: 'h',
  body,
  wrap: 'w',
  wrapFor: 'me.1.x',
  sentAt: 1,
  readAt: null,
  ...facts,
});

const memo: NewMemo = { memoUid: 'm', readerUids: ['ben'], text: 'hello', deliverAt: null };

type Asked = { name: string; input: unknown };

/** Actions over an engine that seals to `n1.new`, and opens every body to `said`. */
function createBench(answers: Record<string, unknown>, { said = 'hello', people = [person('ben')] } = {}) {
  const asked: Asked[] = [];
  // the actions ask only for what is answered here
  const call = (async (name: string, input: unknown) => {
    asked.push({ name, input });
    return answers[name] ?? fail('NOT_FOUND');
  }) as unknown as Call;
  const readers = [{ userUid: 'ben', version: 1, fingerprint: 'x' }];
  const crypto: MemoDeps['crypto'] = {
    sealMemo: async () => ({
      sender: 'me.1.x',
      senderWrap: 'w',
      readers: [{ entry: 'ben.1.x', wrap: 'w' }],
      body: 'n1.new',
    }),
    openMemos: async (rows) =>
      rows.map(() => ({ ok: true, value: { text: said, at: 1, readers }, isSenderConfirmed: true })),
    shareMemo: async ({ reader }) => {
      if (reader.version > 2) throw new CryptoError('UNCONFIRMED_VERSION', reader.userUid);
      return { entry: `ben.${reader.version}.y`, wrap: 'again' };
    },
  };
  const actions = createMemoActions({
    call,
    crypto,
    people: createStore({ byUid: new Map(people.map((one) => [one.userUid, one])) }),
    ensurePeople: async () => undefined,
    clock: createClock(() => 1),
  });
  return { actions, asked, crypto };
}

describe('sending a memo', () => {
  test('hands in what was sealed, with its time', async () => {
    const { actions, asked } = createBench({ 'memo:send': succeed({ memo: stored('n1.new') }) });
    assert.deepEqual(await actions.send({ ...memo, deliverAt: 99 }), succeed({ isAsWritten: true }));
    const [{ input } = { input: null }] = asked;
    const sealed = { sender: 'me.1.x', senderWrap: 'w', readers: [{ entry: 'ben.1.x', wrap: 'w' }] };
    assert.deepEqual(input, { memoUid: 'm', ...sealed, body: 'n1.new', deliverAt: 99 });
  });

  test('that had arrived before is not sent again, and says whether it was the same', async () => {
    const answer = { 'memo:send': succeed({ memo: stored('n1.old') }) };
    const same = await createBench(answer).actions.send(memo);
    assert.deepEqual(same, succeed({ isAsWritten: true }));
    const other = await createBench(answer, { said: 'before I changed it' }).actions.send(memo);
    assert.deepEqual(other, succeed({ isAsWritten: false }));
    const otherTime = await createBench(answer).actions.send({ ...memo, deliverAt: 5 });
    assert.deepEqual(otherTime, succeed({ isAsWritten: false }));
  });

  test('asks the server nothing for somebody who is gone or not confirmed', async () => {
    const gone = createBench({}, { people: [person('ben', { state: 'disabled' })] });
    const refused = await gone.actions.send(memo);
    assert.ok(!refused.ok);
    assert.deepEqual([refused.code, refused.subject], ['PERSON_DISABLED', 'ben']);
    const unconfirmed = createBench({});
    unconfirmed.crypto.sealMemo = () => Promise.reject(new CryptoError('UNCONFIRMED_VERSION', 'ben'));
    const result = await unconfirmed.actions.send(memo);
    assert.ok(!result.ok);
    assert.deepEqual([result.code, result.subject], ['UNCONFIRMED_VERSION', 'ben']);
    assert.deepEqual([...gone.asked, ...unconfirmed.asked], []);
  });
});

test('what has no content is closed or recalled, and never asked of the engine', async () => {
  const memos = [
    stored('', { memoUid: 'a', body: null, wrap: null }),
    stored('', { memoUid: 'b', body: null, wrap: null, recalledAt: 5 }),
    stored('n1.x', { memoUid: 'c' }),
  ];
  const { actions } = createBench({ 'memo:list': succeed({ memos, hasMore: false, unread: 1 }) });
  const page = await actions.list('inbox', null);
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.entries.map(({ content }) => content.state),
    ['closed', 'recalled', 'open'],
  );
});

test('a memo that is gone already counts as deleted', async () => {
  assert.ok((await createBench({}).actions.remove('m')).ok);
  const offline = await createBench({ 'memo:delete': fail('OFFLINE') }).actions.remove('m');
  assert.ok(!offline.ok);
});

test('its sender gives the key to a reader’s newer, confirmed identity, and to no other', async () => {
  const receipts = [{ userUid: 'ben', entry: 'ben.1.x', readAt: null, recalledAt: null }];
  const answers = { 'memo:get': succeed({ memo: stored('n1.x'), receipts }), 'memo:share': succeed({}) };
  const shares = async (version: number): Promise<Asked[]> => {
    const { actions, asked } = createBench(answers, {
      people: [person('ben', { identityVersion: version })],
    });
    await actions.get('m');
    // what is shared follows the answer
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return asked.filter(({ name }) => name === 'memo:share');
  };
  assert.deepEqual(await shares(1), []);
  assert.deepEqual(await shares(2), [
    { name: 'memo:share', input: { memoUid: 'm', entry: 'ben.2.y', wrap: 'again' } },
  ]);
  assert.deepEqual(await shares(3), []);
});

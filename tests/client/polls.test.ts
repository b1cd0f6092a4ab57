import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import type { MessageEntry } from '../../static/features/messages/message-state.ts';
import { messageName } from '../../static/features/messages/message-state.ts';
import { createDataFolder } from '../../server/testing/restored-server.ts';
import { connectionLost, createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
let alice: TestTab;
let bob: TestTab;
let bobsBrowser: Browser;
let direct: string;
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';
const settings = { isMultiple: false, isAnonymous: false, closesAt: null };

const findPoll = (tab: TestTab, question: string): MessageEntry | undefined =>
  tab.app.stores.rooms
    .get()
    .byUid.get(direct)
    ?.tail.find(({ content }) => content.state === 'open' && content.text === question);

/** The poll with this question, as soon as it looks like that. */
async function pollWhere(
  tab: TestTab,
  question: string,
  fits: (entry: MessageEntry) => boolean = () => true,
): Promise<MessageEntry> {
  const isThere = (): boolean => {
    const entry = findPoll(tab, question);
    return entry !== undefined && fits(entry);
  };
  await stateWhere(tab.app.stores.rooms, isThere, `the poll ${question}`);
  const entry = findPoll(tab, question);
  assert.ok(entry);
  return entry;
}

const optionsOf = ({ content }: MessageEntry) =>
  content.state === 'open' ? (content.pollOptions ?? []) : [];
const votesOf = ({ message }: MessageEntry) => message.poll?.options.map(({ votes }) => votes);
const myVote = (tab: TestTab, id: string) => tab.app.stores.polls.get().myVotes.get(id);

before(async () => {
  server = await startTestServer();
  alice = open(createBrowser(server.url));
  await signUp(alice, 'alice', '김앨리스');
  bobsBrowser = createBrowser(server.url);
  bob = open(bobsBrowser);
  await signUp(bob, 'bob', '이밥');
  const made = await alice.app.actions.rooms.createDirect(uidOf(bob));
  assert.ok(made.ok);
  direct = made.value.roomUid;
  await stateWhere(bob.app.stores.rooms, (state) => state.byUid.has(direct), 'the room');
  for (const tab of [alice, bob]) tab.app.actions.rooms.open(direct);
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

describe('a poll', () => {
  test('arrives sealed with its options, and votes come back with its row', async () => {
    const sent = await alice.app.actions.messages.sendPoll(direct, {
      question: '점심은?',
      options: ['냉면', '비빔밥'],
      ...settings,
    });
    assert.ok(sent.ok);
    const seen = await pollWhere(bob, '점심은?');
    assert.deepEqual(
      optionsOf(seen).map(({ text }) => text),
      ['냉면', '비빔밥'],
    );
    const id = messageName(seen.message);
    const [first] = optionsOf(seen);
    assert.ok(first);
    assert.ok((await bob.app.actions.polls.vote(id, [first.id])).ok);
    await pollWhere(alice, '점심은?', (entry) => votesOf(entry)?.join() === '1,0');
    await stateWhere(bob.app.stores.polls, () => myVote(bob, id) !== undefined, 'the own vote');
    assert.deepEqual(myVote(bob, id), { optionIds: [first.id], isCurrent: true });
    assert.equal(myVote(alice, id), undefined);
    const voters = await alice.app.actions.polls.voters(id);
    assert.deepEqual(voters.ok && voters.value?.map(({ userUids }) => userUids), [[uidOf(bob)], []]);
  });

  test('one’s own vote is told to a tab that comes later, and reaches it at once when it changes', async () => {
    const id = messageName((await pollWhere(bob, '점심은?')).message);
    const [first, second] = optionsOf(await pollWhere(bob, '점심은?'));
    assert.ok(first !== undefined && second !== undefined);
    const other = open(bobsBrowser);
    await other.app.start();
    await online(other);
    await other.app.actions.polls.look(id);
    assert.deepEqual(myVote(other, id)?.optionIds, [first.id]);
    await bob.app.actions.polls.vote(id, [second.id]);
    await stateWhere(
      other.app.stores.polls,
      ({ myVotes }) => myVotes.get(id)?.optionIds?.[0] === second.id,
      'the vote of the first browser',
    );
    await other.close();
  });
});

test('a poll that was written without a server survives the end of its tab, is sent once by the next one, and lies nowhere in the clear', async () => {
  const { dataDir, remove } = createDataFolder();
  const first = await startTestServer({ dataDir });
  const { port } = first;
  const browser = createBrowser(first.url);
  const early = openTab(browser);
  await signUp(early, 'alice', '김앨리스');
  const made = await early.app.actions.rooms.createGroup('혼자', []);
  assert.ok(made.ok);
  const { roomUid } = made.value;
  await first.stop();
  await connectionLost(early);
  const poll = { question: '나중에 볼까요?', options: ['네', '아니요'], ...settings, isAnonymous: true };
  assert.ok((await early.app.actions.messages.sendPoll(roomUid, poll)).ok);
  const [waiting] = early.app.stores.outbox.get().items;
  const [kept] = await browser.storage.listOutbox(uidOf(early));
  assert.equal(Buffer.from(kept?.sealed ?? '').includes('아니요'), false);
  assert.equal(kept?.clientId, waiting?.clientId);
  await early.close();

  const second = await startTestServer({ dataDir, config: { port } });
  const later = openTab(browser);
  try {
    await later.app.start();
    await online(later);
    const rows = () => later.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? [];
    later.app.actions.rooms.open(roomUid);
    await stateWhere(later.app.stores.rooms, () => rows()[0]?.content.state === 'open', 'the poll');
    assert.equal(rows().length, 1);
    const [row] = rows();
    assert.deepEqual(row && optionsOf(row), waiting?.poll?.options);
    assert.deepEqual(
      [row?.message.poll?.isAnonymous, row?.message.poll?.options.map(({ id }) => id)],
      [true, waiting?.poll?.options.map(({ id }) => id)],
    );
    await stateWhere(later.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
  } finally {
    await later.close();
    await second.stop();
  }
  // the server is gone, so that looking at its files disturbs nothing
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(dataDir, name);
    if (!statSync(file).isFile()) continue;
    const bytes = readFileSync(file);
    for (const text of ['나중에 볼까요', '아니요']) assert.equal(bytes.includes(text), false, name);
  }
  remove();
});

/**
 * How many have not read a message, and how many messages somebody has not read, stay exact whatever people do: a thousand
 * random operations by four clients over lines that break, compared with a model that counts one by one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { readersOf } from '../../static/features/messages/readers-state.ts';
import {
  countedMembers,
  createUnreadCounter,
  isReadingShown,
} from '../../static/features/messages/reading-state.ts';
import { memberOf, unreadCount } from '../../static/features/rooms/room-state.ts';
import type { RoomEntry } from '../../static/features/rooms/room-state.ts';
import type { Timers } from '../../static/state/timers.ts';
import { startCutLine } from './cut-line.ts';
import type { CutLine } from './cut-line.ts';
import { connectionLost, createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';

const seed = 20_261_120;
const operationCount = 1_000;
/** The rest of them while people see only who has read what they sent themselves. */
const everyoneCount = 750;
const operationsPerCheck = 50;
/** Pauses of the client are this many times shorter: an invitation waits for others for two seconds, a read for a quarter. */
const hurry = 50;
const hurriedTimers: Timers = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs / hurry);
    return () => clearTimeout(timer);
  },
};

type Person = { uid: string; tab: TestTab; line: CutLine; isCut: boolean };
type Model = {
  /** Who sent each message; the first is seq 1. */
  senders: string[];
  /** By uid: the first seq that counts for a member, and how far they have read. */
  members: Map<string, { joinedSeq: number; readSeq: number }>;
};
type Operation =
  | { kind: 'send' | 'come-or-go' | 'cut' | 'mend' | 'blink'; who: number }
  | { kind: 'read'; who: number; part: number };

const operations = fc.oneof(
  { weight: 45, arbitrary: fc.record({ kind: fc.constant('send' as const), who: fc.nat(3) }) },
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      who: fc.nat(3),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('come-or-go' as const), who: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('cut' as const), who: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('mend' as const), who: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('blink' as const), who: fc.nat(3) }) },
);

const entryOf = ({ tab }: Person, roomUid: string): RoomEntry | undefined =>
  tab.app.stores.rooms.get().byUid.get(roomUid);

async function createPerson(server: TestServer, username: string, displayName: string): Promise<Person> {
  const line = await startCutLine(server.port);
  const tab = openTab(createBrowser(line.url), hurriedTimers);
  await signUp(tab, username, displayName);
  return { uid: meUidOf(tab.app.stores.account.get()) ?? '', tab, line, isCut: false };
}

/** What the room must look like to a member, counted one by one. */
function expectedOf({ senders, members }: Model, uid: string) {
  const own = members.get(uid);
  assert.ok(own !== undefined);
  const unread = senders.filter((_sender, index) => index + 1 > own.readSeq && index + 1 >= own.joinedSeq);
  const readersBySeq = senders.map((sender, index) => {
    const seq = index + 1;
    const readers = [...members].filter(([who, { joinedSeq }]) => who !== sender && joinedSeq <= seq);
    const unreadUids = readers.filter(([, { readSeq }]) => readSeq < seq).map(([who]) => who);
    return { seq, count: unreadUids.length, unreadUids: unreadUids.sort() };
  });
  return { unread: unread.length, lastSeq: senders.length, readersBySeq };
}

function seenBy(person: Person, entry: RoomEntry) {
  const counted = countedMembers(entry.room.members, person.tab.app.stores.people.get().byUid);
  const unreadBy = createUnreadCounter(counted);
  const rows = entry.tail.map(({ message }) => ({
    seq: message.seq,
    count: unreadBy(message),
    unreadUids: [...readersOf(message, counted).unreadUids].sort(),
  }));
  return { unread: unreadCount(entry.room, person.uid), lastSeq: entry.room.lastSeq, rows };
}

test('numbers of unread messages and of people who have not read are exact through 1,000 operations', async () => {
  const server = await startTestServer({ config: { connectionsPerUser: 1_000 } });
  const owner = await server.connectAs('alice');
  const people: Person[] = [];
  try {
    for (const [name, shown] of [
      ['anna', '김안나'],
      ['bob', '이밥'],
      ['carol', '박캐롤'],
      ['dave', '최데이브'],
    ] as const) {
      people.push(await createPerson(server, name, shown));
    }
    await operateAndCompare(server, people, { receipts: 'everyone', from: 0, to: everyoneCount });
    await owner.ask('admin:set-policies', { policies: { readReceipts: 'sender' } });
    await operateAndCompare(server, people, { receipts: 'sender', from: everyoneCount, to: operationCount });
  } finally {
    for (const { tab, line } of people) {
      await tab.close();
      await line.close();
    }
    await server.stop();
  }
});

type Span = { receipts: 'everyone' | 'sender'; from: number; to: number };

async function operateAndCompare(
  server: TestServer,
  people: readonly Person[],
  { receipts, from, to }: Span,
): Promise<void> {
  const [alice] = people;
  assert.ok(alice !== undefined);
  const uids = people.map(({ uid }) => uid);
  const made = await alice.tab.app.actions.rooms.createGroup('회의', uids.slice(1));
  assert.ok(made.ok);
  const { roomUid } = made.value;
  const model: Model = {
    senders: [],
    members: new Map(uids.map((uid) => [uid, { joinedSeq: 1, readSeq: 0 }])),
  };
  const isIn = ({ uid }: Person): boolean => model.members.has(uid);
  const where = (person: Person, fits: (entry: RoomEntry | undefined) => boolean, what: string) =>
    stateWhere(person.tab.app.stores.rooms, () => fits(entryOf(person, roomUid)), `${person.uid}: ${what}`);
  const openRoom = async (person: Person): Promise<void> => {
    await where(person, (entry) => entry !== undefined, 'the room');
    person.tab.app.actions.rooms.open(roomUid);
  };
  const mend = async (person: Person): Promise<void> => {
    if (!person.isCut) return;
    person.isCut = false;
    person.line.mend();
    person.tab.app.actions.reconnectNow();
    await online(person.tab);
  };
  for (const person of people) await openRoom(person);

  const send = async (person: Person): Promise<void> => {
    const { outbox } = person.tab.app.stores;
    const sent = await person.tab.app.actions.messages.send(roomUid, `글 ${model.senders.length}`);
    assert.ok(sent.ok);
    await stateWhere(outbox, ({ items }) => items.length === 0, 'a message that was sent');
    model.senders.push(person.uid);
    const own = model.members.get(person.uid);
    if (own !== undefined) own.readSeq = model.senders.length;
  };
  const read = async (person: Person, part: number): Promise<void> => {
    const own = model.members.get(person.uid);
    const entry = entryOf(person, roomUid);
    if (own === undefined || entry === undefined) return;
    // only what is there can be seen
    const seq = own.readSeq + Math.round(part * (entry.room.lastSeq - own.readSeq));
    if (seq <= own.readSeq) return;
    person.tab.app.actions.rooms.rowSeen(roomUid, seq);
    await where(
      person,
      (now) => now !== undefined && (memberOf(now.room, person.uid)?.readSeq ?? 0) >= seq,
      'read',
    );
    own.readSeq = seq;
  };
  const comeOrGo = async (person: Person): Promise<void> => {
    await mend(alice);
    const { rooms } = person.tab.app.actions;
    if (!isIn(person)) {
      const invited = await alice.tab.app.actions.rooms.invite(roomUid, [person.uid]);
      assert.ok(invited.ok, JSON.stringify(invited));
      const lastSeq = model.senders.length;
      model.members.set(person.uid, { joinedSeq: lastSeq + 1, readSeq: lastSeq });
      if (!person.isCut) await openRoom(person);
      return;
    }
    // who is cut off is put out, the others go by themselves
    const gone = person.isCut
      ? await alice.tab.app.actions.rooms.kick(roomUid, person.uid)
      : await rooms.leave(roomUid);
    assert.ok(gone.ok);
    model.members.delete(person.uid);
    if (!person.isCut) await where(person, (entry) => entry === undefined, 'gone');
  };
  const cut = async (person: Person): Promise<void> => {
    person.isCut = true;
    person.line.cut();
    await connectionLost(person.tab);
  };
  /** Others read meanwhile and nobody writes: the room's revision does not tell. */
  const blink = async (person: Person): Promise<void> => {
    await cut(person);
    for (const other of people) if (!other.isCut && isIn(other)) await read(other, 1);
    server.clock.advance(300);
    await mend(person);
  };
  const check = async (): Promise<void> => {
    for (const person of people) await mend(person);
    // what waits for the end of the interval is told now
    server.clock.advance(300);
    for (const person of people.filter(isIn)) {
      await openRoom(person);
      const expected = expectedOf(model, person.uid);
      const isShown = ({ seq }: { seq: number }): boolean =>
        isReadingShown(receipts, model.senders[seq - 1] === person.uid);
      const isSame = (entry: RoomEntry | undefined): boolean => {
        if (entry === undefined) return false;
        const seen = seenBy(person, entry);
        const rows = expected.readersBySeq.slice(expected.lastSeq - seen.rows.length);
        return (
          seen.unread === expected.unread &&
          seen.lastSeq === expected.lastSeq &&
          JSON.stringify(seen.rows.filter(isShown)) === JSON.stringify(rows.filter(isShown))
        );
      };
      await where(person, isSame, JSON.stringify({ expected, seed }));
    }
  };
  const operate = async (operation: Operation): Promise<void> => {
    const person = people[operation.who] ?? alice;
    if (operation.kind === 'come-or-go') await comeOrGo(person);
    else if (operation.kind === 'mend') await mend(person);
    else if (person.isCut || !isIn(person)) return;
    else if (operation.kind === 'send') await send(person);
    else if (operation.kind === 'read') await read(person, operation.part);
    else if (operation.kind === 'cut') await cut(person);
    else await blink(person);
  };

  let done = 0;
  for (const operation of fc.sample(operations, { numRuns: operationCount, seed }).slice(from, to)) {
    await operate(operation);
    done += 1;
    if (done % operationsPerCheck === 0) await check();
  }
  // nobody stays cut off for whoever comes after
  await check();
}

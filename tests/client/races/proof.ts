/** What must hold after a schedule, whatever happened in it. */
import assert from 'node:assert/strict';
import type { RoomVerdict } from '../../../static/crypto/index.ts';
import { messageName } from '../../../static/features/messages/message-state.ts';
import type { RoomEntry } from '../../../static/features/rooms/room-state.ts';
import { stateWhere } from '../node-client.ts';
import { helpInRoom } from './colleagues.ts';
import { untilNothingIsMissing } from './convergence.ts';
import { confirm, enable, write } from './operations.ts';
import type { Race } from './operations.ts';
import { openServerView } from './server-view.ts';
import type { ServerView, StoredRoom } from './server-view.ts';
import { entryOf } from './world.ts';
import type { Device } from './world.ts';

type Proof = Race & { server: ServerView };

/** Everybody comes to the same end, everybody in a room can write and read, and nobody else has a key. */
export async function prove(race: Race): Promise<void> {
  const server = openServerView(race.world);
  const proof = { ...race, server };
  try {
    await settle(proof);
    await confirmEverybody(proof);
    for (const roomUid of race.roomUids) await proveRoom(proof, roomUid);
    await settle(proof);
    await proveSecrecy(proof);
    if (await enableEverybody(proof)) {
      await settle(proof);
      await confirmEverybody(proof);
      for (const roomUid of race.roomUids) await proveRoom(proof, roomUid);
      await proveSecrecy(proof);
    }
    await proveWritten(proof);
  } finally {
    server.close();
  }
}

/** Everybody has come to the same end. A device may not know yet that its session is over: it is asked, and comes back. */
async function settle(proof: Proof): Promise<void> {
  for (let look = 0; look < 10; look += 1) {
    await untilNothingIsMissing(proof.world, () => findUnsettled(proof));
    const ended = await findEnded(proof);
    if (ended === null) return;
    ended.tab.app.wakeUp();
    const { connection } = ended.tab.app.stores;
    await stateWhere(connection, ({ phase }) => phase !== 'online', 'the end of a session');
  }
  throw new Error('sessions end again and again');
}

async function findEnded({ world, server, shutOut }: Proof): Promise<Device | null> {
  for (const device of world.devices) {
    if (!shutOut.has(device.person.uid) || server.isDisabled(device.person.uid)) continue;
    await device.tab.app.actions.sessions.load();
    if (device.tab.app.stores.sessions.get().failure?.code === 'NOT_SIGNED_IN') return device;
  }
  return null;
}

/** Whoever lost their keys reads digits out to everybody; what follows from that happens by itself. */
async function confirmEverybody(proof: Proof): Promise<void> {
  const { world, server, reset } = proof;
  const there = world.devices.filter(({ person }) => !server.isDisabled(person.uid));
  for (const person of world.people.filter(({ uid }) => reset.has(uid) && !server.isDisabled(uid))) {
    for (const device of there.filter((other) => other.person !== person))
      assert.ok(await confirm(proof, device, person), `${device.name} does not confirm ${person.name}`);
  }
}

/** Somebody can act in it: a member whom its newest record names with the keys that this person has now. */
function isAlive(server: ServerView, roomUid: string): boolean {
  const newest = server.keys(roomUid).epochs.at(-1);
  const members = server.room(roomUid)?.memberUids ?? [];
  return members.some(
    (uid) => !server.isDisabled(uid) && newest?.versions.get(uid) === server.versionOf(uid),
  );
}

async function proveSecrecy(proof: Proof): Promise<void> {
  for (const roomUid of proof.roomUids) {
    proveKeys(proof.server, roomUid);
    proveRows(proof, roomUid);
    await proveOutsiders(proof, roomUid);
  }
}

/** Lets those in again who were shut out, into none of their rooms; false if there was nobody. */
async function enableEverybody({ world, server }: Proof): Promise<boolean> {
  const out = world.people.filter(({ uid }) => server.isDisabled(uid));
  for (const person of out) await enable(world, person);
  return out.length > 0;
}

/** What keeps the devices from having all come to the same end, in words; null: nothing. */
function findUnsettled({ world, roomUids, server, reset }: Proof): string | null {
  for (const device of world.devices) {
    const { phase } = device.tab.app.stores.connection.get();
    const wanted = server.isDisabled(device.person.uid) ? 'signed-out' : 'online';
    if (phase !== wanted) return `${device.name} is ${phase}`;
    const waiting = device.tab.app.stores.outbox.get().items.find(({ state }) => state.name !== 'failed');
    // what somebody with new keys writes waits for a colleague, for good where nobody can act
    if (reset.has(device.person.uid)) continue;
    if (waiting !== undefined) return `${device.name} still sends ${JSON.stringify(waiting)}`;
  }
  for (const roomUid of roomUids) {
    const stored = server.room(roomUid);
    if (stored?.isRekeyNeeded === true && isAlive(server, roomUid))
      return `${roomUid} waits for an epoch after ${stored.epoch}`;
    for (const device of world.devices) {
      const difference = findDifference(stored, device, roomUid);
      if (difference !== null) return `${device.name} in ${roomUid}: ${difference}`;
    }
  }
  return null;
}

/** The last one in a room stays in it while the account is disabled: its devices are signed out then. */
const isIn = (stored: StoredRoom | undefined, { person, tab }: Device): boolean =>
  stored?.joinedSeqs.has(person.uid) === true && tab.app.stores.connection.get().phase !== 'signed-out';

/** What a device has of a room, and what the server has. */
function findDifference(stored: StoredRoom | undefined, device: Device, roomUid: string): string | null {
  const entry = entryOf(device, roomUid);
  if (stored === undefined || !isIn(stored, device)) return entry === undefined ? null : 'it is not a member';
  if (entry === undefined) return 'it does not know the room';
  const { room } = entry;
  const seen = [
    room.epoch,
    room.epochHash,
    room.members
      .map(({ userUid }) => userUid)
      .sort()
      .join(),
  ];
  const kept = [stored.epoch, stored.hash, stored.memberUids.join()];
  if (room.rev === stored.rev) {
    assert.deepEqual(seen, kept, `${device.name} has another room at revision ${room.rev}`);
    return null;
  }
  return `it has revision ${room.rev}, the server ${stored.rev}`;
}

/** Everybody looks at the room, writes in it, and reads what the others wrote. */
async function proveRoom(proof: Proof, roomUid: string): Promise<void> {
  const { world, server } = proof;
  const stored = server.room(roomUid);
  const inside = world.devices.filter((device) => isIn(stored, device));
  const findUnready = (): string | null => {
    // whoever signed in again has nothing on screen
    for (const { tab } of inside) tab.app.actions.rooms.open(roomUid);
    return findUnsettled(proof) ?? firstOf(inside, (device) => findUnreadable(proof, device, roomUid));
  };
  const help = (): Promise<void> => helpInRoom(proof, roomUid, inside);
  await untilNothingIsMissing(world, findUnready, help);
  for (const device of inside) await write(proof, device, roomUid);
  await untilNothingIsMissing(world, findUnready, help);
  for (const { tab } of inside) tab.app.actions.rooms.close();
}

const firstOf = (devices: readonly Device[], find: (device: Device) => string | null): string | null => {
  for (const device of devices) {
    const found = find(device);
    if (found !== null) return `${device.name}: ${found}`;
  }
  return null;
};

/** Why this device cannot write now, or which row that it may read is not open. */
function findUnreadable(proof: Proof, device: Device, roomUid: string): string | null {
  const { server, reset } = proof;
  const entry = entryOf(device, roomUid);
  const stored = server.room(roomUid);
  if (entry === undefined || stored === undefined) return 'it has no room';
  const { verdict } = entry.keys;
  // keys that are new for somebody are no fault of the room, and settled by what people read out; otherwise nothing is ever on hold
  assert.ok(
    reset.size > 0 || verdict?.status !== 'quarantined',
    `${device.name}: ${JSON.stringify(verdict)}`,
  );
  if (verdict?.status !== 'sendable' || verdict.epoch !== stored.epoch)
    return `epoch ${stored.epoch} is not sendable: ${verdict?.status} ${verdict?.reason} at ${verdict?.epoch}`;
  const named = verdict.people.map(({ userUid }) => userUid).sort();
  assert.deepEqual(named, stored.memberUids, `${device.name}: the record names others than the members`);
  const from = stored.joinedSeqs.get(device.person.uid) ?? 0;
  const seqs = server.rows(roomUid).flatMap(({ seq }) => (seq >= from ? [seq] : []));
  // whoever left and came back while signed out still has what they could read before, and nothing else of that time
  const foreign = entry.tail.find(
    (row) => row.message.seq < from && !mayHaveOpened(server, roomUid, device, row),
  );
  assert.equal(foreign, undefined, `${device.name} has a row of a time when they were not in ${roomUid}`);
  const rows = entry.tail.filter(({ message }) => message.seq >= from);
  const shown = rows.map(({ message }) => message.seq);
  if (shown.join() !== seqs.join()) return `rows ${shown.join()} of ${seqs.join()}`;
  const old = verdict.people.find(({ userUid }) => server.versionOf(userUid) !== versionIn(verdict, userUid));
  if (old !== undefined) return `${old.userUid} is named with keys that are gone`;
  const shut = rows.find(
    (row) => !isVerified(row) && !(isWithoutKey(row) && mayLack(proof, roomUid, device, row)),
  );
  return shut === undefined ? null : `row ${shut.message.seq} is ${JSON.stringify(shut)}`;
}

/** A row from before somebody came (again): shut, or of an epoch whose key they were given. */
const mayHaveOpened = (
  server: ServerView,
  roomUid: string,
  { person }: Device,
  { message, content }: RoomEntry['tail'][number],
): boolean =>
  content.state !== 'open' ||
  server
    .keys(roomUid)
    .holders.get(epochOf(message.envelope ?? ''))
    ?.has(person.uid) === true;

const versionIn = ({ people }: RoomVerdict, uid: string): number | undefined =>
  people.find(({ userUid }) => userUid === uid)?.version;

const isWithoutKey = ({ content }: RoomEntry['tail'][number]): boolean =>
  content.state === 'unreadable' && content.reason === 'NO_KEY';

/**
 * Keys that nobody may give: those of epochs that do not name a member, once the history was turned off again; and older ones of
 * somebody with new keys, where nobody of that time is left who still has theirs.
 */
function mayLack(
  { server, world }: Proof,
  roomUid: string,
  { person: { uid } }: Device,
  { message }: RoomEntry['tail'][number],
): boolean {
  const { epochs } = server.keys(roomUid);
  const epoch = epochOf(message.envelope ?? '');
  const since = epochs.filter((record) => record.epoch >= epoch);
  const [then] = since;
  const isOpen = since.every(({ history }) => history);
  if (then?.versions.has(uid) !== true && !isOpen) return true;
  const members = server.room(roomUid)?.memberUids ?? [];
  return !world.people.some(
    (other) =>
      other.uid !== uid &&
      members.includes(other.uid) &&
      then?.versions.get(other.uid) === server.versionOf(other.uid),
  );
}

const isVerified = ({ content }: RoomEntry['tail'][number]): boolean =>
  content.state === 'open' && content.isVerified && !content.isOrderOdd;

/**
 * The newest record names the members, and each of them has its key. Older keys are with members whom their record names,
 * or who came later while every record since then said that newcomers see the history. Nobody else has any.
 */
function proveKeys({ room, keys }: ServerView, roomUid: string): void {
  const { epochs, holders } = keys(roomUid);
  const members = new Set(room(roomUid)?.memberUids);
  const newest = epochs.at(-1);
  // nobody writes there before the one who is left is back and has made the next epoch
  if (newest === undefined || room(roomUid)?.isRekeyNeeded === true) return;
  assert.deepEqual(newest.namedUids, members, `${roomUid}: people of the newest record, and members`);
  assert.deepEqual(holders.get(newest.epoch), members, `${roomUid}: who has the newest key, and members`);
  for (const [index, { epoch, namedUids }] of epochs.entries()) {
    const allowed = new Set(namedUids);
    for (const later of epochs.slice(index)) {
      if (!later.history || epochs[index]?.history !== true) break;
      for (const uid of later.namedUids) allowed.add(uid);
    }
    const foreign = [...(holders.get(epoch) ?? [])].filter((uid) => !allowed.has(uid) || !members.has(uid));
    assert.deepEqual(foreign, [], `${roomUid}: who has a key of epoch ${epoch} and may not`);
  }
}

const epochOf = (envelope: string): number => Number(envelope.split('.')[1]);

/** Nothing is sealed with a key of people who are not all there any more: an epoch begins where its record says. */
function proveRows({ server }: Proof, roomUid: string): void {
  const rows = server.rows(roomUid);
  const names = rows.map((row) => messageName(row));
  assert.equal(new Set(names).size, names.length, `${roomUid} has a message twice`);
  const { epochs } = server.keys(roomUid);
  for (const { seq, envelope } of rows) {
    const present = epochs.findLast(({ afterSeq }) => afterSeq < seq)?.epoch;
    assert.equal(epochOf(envelope), present, `${roomUid}: row ${seq} is sealed with another epoch`);
  }
}

/** Signed in, and not a member. */
const isOutside = (stored: StoredRoom | undefined, { person, tab }: Device): boolean =>
  stored?.joinedSeqs.has(person.uid) !== true && tab.app.stores.connection.get().phase === 'online';

/** Whoever is outside opens nothing that was sealed after they went. */
async function proveOutsiders({ world, server }: Proof, roomUid: string): Promise<void> {
  const stored = server.room(roomUid);
  const { epochs } = server.keys(roomUid);
  for (const device of world.devices.filter((known) => isOutside(stored, known))) {
    const last = epochs.findLast(({ namedUids }) => namedUids.has(device.person.uid))?.epoch ?? 0;
    const rows = server.rows(roomUid).filter(({ envelope }) => epochOf(envelope) > last);
    if (rows.length === 0) continue;
    const opened = await device.tab.crypto().openMessages(roomUid, rows);
    assert.deepEqual(
      opened.filter(({ ok }) => ok),
      [],
      `${device.name} opens what was written after it had gone from ${roomUid}`,
    );
  }
}

/** What a client said that it will send is in the room once, or is shown as not sent. */
async function proveWritten({ written, server, shutOut, reset }: Proof): Promise<void> {
  for (const { device, tab, roomUid, clientId, text } of written) {
    // what waited in a browser whose keys are lost cannot be opened by anybody
    if (device.tab !== tab || reset.has(device.person.uid)) continue;
    const { items } = device.tab.app.stores.outbox.get();
    const item = items.find((candidate) => candidate.clientId === clientId);
    const isStored = server.rows(roomUid).some((row) => row.clientId === clientId);
    // a room that nobody is in any more is gone with everything in it
    const isGone = server.room(roomUid) === undefined;
    // whoever is shut out between sending and the answer comes back without knowing, to a room that is not theirs any more
    const mayNotKnow = isStored && shutOut.has(device.person.uid);
    assert.ok(
      isGone || mayNotKnow || isStored === (item === undefined),
      `"${text}": ${JSON.stringify({ isStored, item })}`,
    );
    if (item?.state.name !== 'failed') continue;
    const isHeldBack = item.state.reason === 'UNCONFIRMED_VERSION' && reset.size > 0;
    assert.ok(isHeldBack || item.state.reason === 'NOT_FOUND', `"${text}" failed: ${item.state.reason}`);
    await device.tab.app.actions.messages.discard(clientId);
  }
}

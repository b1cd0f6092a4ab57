/** Carries out the steps of a schedule, as people would: through the actions of their clients. */
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { meOf } from '../../../static/features/account/account-state.ts';
import type { FailureCode, Result } from '../../../static/state/failure.ts';
import { connectionLost, stateWhere } from '../node-client.ts';
import type { TestTab } from '../node-client.ts';
import type { FirstRoom, Operation, Schedule } from './schedule.ts';
import { entryOf, resetDevice } from './world.ts';
import type { Device, Person, World } from './world.ts';

/** A text that somebody wrote: its client has said that it is kept and will be sent. */
export type Written = { device: Device; tab: TestTab; roomUid: string; clientId: string; text: string };

/** A schedule under way. `shutOut`, `reset`: the uids of those whose sessions were ended in it, and who lost their keys. */
export type Race = {
  world: World;
  roomUids: string[];
  written: Written[];
  shutOut: Set<string>;
  reset: Set<string>;
};

/** What an operation may meet when others are faster, or the line is cut. Anything else is a bug. */
const overtaken: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'OFFLINE',
  'TIMED_OUT',
  'CANCELLED',
  'LOCKED',
  'NOT_SIGNED_IN',
  'PERSON_DISABLED',
  'NOT_FOUND',
  'FORBIDDEN',
  'EPOCH_CONFLICT',
  'RECORDS_UNAVAILABLE',
  'STATEMENT_MISSING',
  // of somebody who lost their keys, until colleagues have confirmed the new ones
  'OWN_VERSION_OLD',
  'UNCONFIRMED_VERSION',
  'NOT_IN_RECORD',
]);

const check = (what: string, result: Result<unknown>): void => {
  if (!result.ok) assert.ok(overtaken.has(result.code), `${what}: ${result.code} ${result.error ?? ''}`);
};

/** Makes the schedule's rooms, known to everybody in them. */
export async function startRace(world: World, { rooms }: Schedule): Promise<Race> {
  const roomUids = await Promise.all(rooms.map((first) => makeRoom(world, first)));
  return { world, roomUids, written: [], shutOut: new Set(), reset: new Set() };
}

async function makeRoom(world: World, first: FirstRoom): Promise<string> {
  const creator = deviceAt(world, first.creator);
  const { rooms, administration } = creator.tab.app.actions;
  const others = first.others.map((index) => personAt(world, index).uid);
  const made = await rooms.createGroup('회의', others, first.history);
  assert.ok(made.ok, JSON.stringify(made));
  const { roomUid } = made.value;
  const uids = new Set([creator.person.uid, ...others]);
  const admins = first.admins.map((index) => personAt(world, index).uid);
  await Promise.all([
    ...admins
      .filter((uid) => uid !== creator.person.uid && uids.has(uid))
      .map(async (uid) => assert.ok((await administration.setRole(roomUid, uid, 'admin')).ok)),
    ...world.devices
      .filter(({ person }) => uids.has(person.uid))
      .map(({ tab }) =>
        stateWhere(tab.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the first room'),
      ),
  ]);
  return roomUid;
}

const deviceAt = ({ devices }: World, index: number): Device => {
  const device = devices[index];
  if (device === undefined) throw new Error(`no device ${index}`);
  return device;
};

const personAt = ({ people }: World, index: number): Person => {
  const person = people[index];
  if (person === undefined) throw new Error(`no person ${index}`);
  return person;
};

/** Everything at once, or as close to it as the schedule says; resolves when every operation has its answer. */
export async function runSteps(race: Race, { steps }: Schedule): Promise<void> {
  const running: Promise<void>[] = [];
  for (const { operation, pause } of steps) {
    const result = perform(race, operation);
    running.push(result);
    // it is awaited below with the others; until then a failure is not unhandled
    result.catch(() => undefined);
    if (pause === 'until-done') await result;
    else if (pause !== 'none') for (let turn = 0; turn < pause; turn += 1) await nextTurn();
  }
  await mendAll(race.world);
  await Promise.all(running);
}

export const mendAll = async ({ devices }: World): Promise<void> => {
  for (const { line, tab } of devices) {
    line.mend();
    tab.app.actions.reconnectNow();
  }
};

const isSignedIn = ({ tab }: Device): boolean => meOf(tab.app.stores.account.get()) !== null;

async function perform(race: Race, operation: Operation): Promise<void> {
  if (operation.kind === 'disable') return disable(race, personAt(race.world, operation.whom));
  if (operation.kind === 'enable') return enable(race.world, personAt(race.world, operation.whom));
  if (operation.kind === 'reset') return reset(race, operation);
  const device = deviceAt(race.world, operation.who);
  if (operation.kind === 'cut' || operation.kind === 'mend' || operation.kind === 'blink') {
    await changeLine(device, operation.kind);
    return;
  }
  // a page to sign in on offers nothing else
  if (!isSignedIn(device)) return;
  if (operation.kind === 'confirm') {
    await confirm(race, device, personAt(race.world, operation.whom));
    return;
  }
  const roomUid = race.roomUids[operation.room % race.roomUids.length] ?? '';
  const { rooms, administration } = device.tab.app.actions;
  const uidAt = (index: number): string => personAt(race.world, index).uid;
  switch (operation.kind) {
    case 'invite':
      return check('invite', await rooms.invite(roomUid, operation.whom.map(uidAt)));
    case 'kick':
      // nobody is offered to put themselves out
      if (uidAt(operation.whom) === device.person.uid) return;
      return check('kick', await rooms.kick(roomUid, uidAt(operation.whom)));
    case 'leave':
      return check('leave', await rooms.leave(roomUid));
    case 'history':
      return check('history', await administration.setHistory(roomUid, operation.isOn));
    case 'send':
      return write(race, device, roomUid);
    case 'look':
      return rooms.open(roomUid);
    default:
      return assertNever(operation);
  }
}

function assertNever(operation: never): never {
  throw new TypeError(`unknown operation: ${JSON.stringify(operation)}`);
}

async function changeLine({ line, tab }: Device, kind: 'cut' | 'mend' | 'blink'): Promise<void> {
  if (kind !== 'mend') line.cut();
  if (kind === 'blink') await connectionLost(tab);
  if (kind === 'cut') return;
  line.mend();
  tab.app.actions.reconnectNow();
}

async function disable({ world: { owner }, shutOut }: Race, { uid: userUid }: Person): Promise<void> {
  shutOut.add(userUid);
  await owner.ask('admin:disable', { userUid, authKey: owner.person.authKey });
}

export async function enable({ owner }: World, { uid: userUid }: Person): Promise<void> {
  await owner.ask('admin:enable', { userUid });
}

async function reset(
  race: Race,
  { whom, isDeviceLost }: { whom: number; isDeviceLost: boolean },
): Promise<void> {
  const { uid } = personAt(race.world, whom);
  // a code is for one time, and so is a colleague's word
  if (race.reset.has(uid)) return;
  race.reset.add(uid);
  race.shutOut.add(uid);
  await resetDevice(race.world, deviceAt(race.world, whom), isDeviceLost);
}

/** The digits that somebody reads out are typed; true if that confirmed their present keys. */
export async function confirm({ world }: Race, device: Device, person: Person): Promise<boolean> {
  if (person === device.person) return false;
  const reader = world.devices.find((other) => other.person === person && isSignedIn(other));
  const digits = await reader?.tab.app.actions.trust.ownDigits();
  if (reader === undefined || digits?.ok !== true) return false;
  const version = meOf(reader.tab.app.stores.account.get())?.identityVersion;
  if (version === undefined) return false;
  const typed = await device.tab.app.actions.trust.confirmIdentity(person.uid, version, digits.value);
  check('confirm', typed);
  return typed.ok && typed.value.ok;
}

/** Writes a text that no other one is like, where the device knows the room. */
export async function write(race: Race, device: Device, roomUid: string): Promise<void> {
  if (entryOf(device, roomUid) === undefined) return;
  const text = `${device.name} ${race.written.length}`;
  const sent = await device.tab.app.actions.messages.send(roomUid, text);
  check('send', sent);
  if (sent.ok) race.written.push({ device, tab: device.tab, roomUid, clientId: sent.value.clientId, text });
}

/** Everybody goes and lets go of what was not sent, so that the next schedule begins with no rooms; nobody waits for new keys on the way. */
export async function leaveEverything({ world, roomUids }: Race): Promise<void> {
  const firstDevices = world.people.map((person) => world.devices.find((device) => device.person === person));
  for (const device of firstDevices) {
    for (const roomUid of roomUids) {
      if (device === undefined || entryOf(device, roomUid) === undefined) continue;
      check('leave', await device.tab.app.actions.rooms.leave(roomUid));
    }
  }
  for (const { tab } of world.devices) {
    for (const { clientId } of tab.app.stores.outbox.get().items)
      await tab.app.actions.messages.discard(clientId);
  }
}

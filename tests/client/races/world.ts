/** The people of the races and their devices: whole clients, each on a line of its own that can be cut, and one server. */
import { startTestServer } from '../../../server/testing/test-server.ts';
import type { TestServer } from '../../../server/testing/test-server.ts';
import type { TestClient } from '../../../server/testing/test-client.ts';
import { meUidOf } from '../../../static/features/account/account-state.ts';
import type { RoomEntry } from '../../../static/features/rooms/room-state.ts';
import type { Timers } from '../../../static/state/timers.ts';
import { startCutLine } from '../cut-line.ts';
import type { CutLine } from '../cut-line.ts';
import { createBrowser, online, openTab, password, signUp } from '../node-client.ts';
import type { TestTab } from '../node-client.ts';

export type Person = { uid: string; name: string };

/** One browser of somebody; another one takes its place when the keys in it are lost. */
export type Device = { name: string; person: Person; tab: TestTab; line: CutLine };

/** Made once and used for many schedules: an account costs as much as a schedule. */
export type World = {
  server: TestServer;
  /** Runs the server, and is in none of the rooms. */
  owner: TestClient;
  people: readonly Person[];
  devices: readonly Device[];
  close: () => Promise<void>;
};

/** Pauses of the clients are this many times shorter: an invitation waits two seconds for others to join it. */
const hurry = 100;
const hurriedTimers: Timers = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs / hurry);
    return () => clearTimeout(timer);
  },
};

/** Who there is; the second one has two browsers. */
const names = ['anna', 'bert', 'cleo', 'dora'] as const;
const secondBrowserOf = 'bert';

/** Their number is part of what a schedule can say. */
export const peopleCount: number = names.length;
export const deviceCount: number = names.length + 1;

export async function createWorld(): Promise<World> {
  const server = await startTestServer({ config: { connectionsPerUser: 1_000 } });
  const owner = await server.connectAs('alice');
  const devices: Device[] = [];
  for (const name of names) devices.push(await openDevice(server, name, (tab) => signUp(tab, name, name)));
  const known = devices.find(({ name }) => name === secondBrowserOf);
  if (known === undefined) throw new Error('nobody has two browsers');
  const second = await openDevice(server, secondBrowserOf, enterAgain);
  devices.push({ ...second, name: `${secondBrowserOf}-2`, person: known.person });
  return {
    server,
    owner,
    people: devices.slice(0, names.length).map(({ person }) => person),
    devices,
    close: async () => {
      for (const { tab, line } of devices) {
        await tab.close();
        await line.close();
      }
      await server.stop();
    },
  };
}

const enterAgain = async (tab: TestTab): Promise<void> => {
  await tab.app.start();
  const signedIn = await tab.app.actions.account.signIn(secondBrowserOf, password);
  if (!signedIn.ok) throw new Error(`${secondBrowserOf} could not sign in: ${signedIn.code}`);
  await online(tab);
};

/** Who is asking the administrator for a code at the moment. */
const asking = new WeakSet<Person>();

/** Signs in again wherever somebody was signed out; whoever may not is refused and stays out. */
export async function returnEverybody(world: World): Promise<void> {
  await Promise.all(
    world.devices.map(async (device) => {
      const { person } = device;
      const { app } = device.tab;
      const { phase } = app.stores.account.get();
      if (phase.name !== 'signed-out' || phase.isBusy || asking.has(person)) return;
      const signedIn = await app.actions.account.signIn(person.name, password);
      // the password ended with a lost device, and something came between making a code and using it: there is another one
      if (signedIn.ok || signedIn.code !== 'WRONG_PASSWORD' || asking.has(person)) return;
      asking.add(person);
      try {
        await enterWithCode(device, await makeCode(world, person, false));
      } finally {
        asking.delete(person);
      }
    }),
  );
}

/** An administrator's code for somebody; null for whoever is shut out. */
async function makeCode({ owner }: World, { uid: userUid }: Person, isLost: boolean): Promise<string | null> {
  const { authKey } = owner.person;
  const made = await owner.call('admin:make-reset-code', { userUid, isDeviceLost: isLost, authKey });
  return made.ok ? made.value.code : null;
}

async function enterWithCode({ tab: { app }, person }: Device, code: string | null): Promise<void> {
  if (code === null) return;
  const keys = await app.actions.loadKeys();
  const isIn = (await keys.openWithCode(person.name, code)).ok && (await keys.choosePassword(password)).ok;
  if (isIn) await keys.finishReentry(null);
}

const openDevice = async (
  server: TestServer,
  name: string,
  enter: (tab: TestTab) => Promise<void>,
): Promise<Device> => {
  const line = await startCutLine(server.port);
  const tab = openTab(createBrowser(line.url), hurriedTimers);
  await enter(tab);
  return { name, person: { uid: meUidOf(tab.app.stores.account.get()) ?? '', name }, tab, line };
};

/** The old browser is gone, keys and all: a code of the administrator's opens the account in a new one. */
export async function resetDevice(world: World, device: Device, isLost: boolean): Promise<void> {
  const code = await makeCode(world, device.person, isLost);
  if (code === null) return;
  const old = { tab: device.tab, line: device.line };
  await old.tab.close();
  // nobody cuts this line before it is the device's
  const line = await startCutLine(world.server.port);
  const tab = openTab(createBrowser(line.url), hurriedTimers);
  await tab.app.start();
  await enterWithCode({ ...device, tab, line }, code);
  Object.assign(device, { tab, line });
  await old.line.close();
}

/** The room as this device has it; undefined where it is not among its rooms. */
export const entryOf = ({ tab }: Device, roomUid: string): RoomEntry | undefined =>
  tab.app.stores.rooms.get().byUid.get(roomUid);

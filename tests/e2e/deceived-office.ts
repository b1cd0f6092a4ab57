/**
 * An office whose server lies to one of its people: alice sits at a browser and meets the lying server; bob and carol are honest
 * colleagues with whole clients that reach the real one; mallory is a colleague who works with the operator.
 */
import type { Person as Colleague } from '#contract/accounts.ts';
import type { Room } from '#contract/rooms.ts';
import { createBrowser, openTab, signUp, stateWhere } from '../client/node-client.ts';
import type { TestTab } from '../client/node-client.ts';
import { uidOf } from '../client/three-people.ts';
import { signUpColluder } from './attacker.ts';
import type { Colluder } from './attacker.ts';
import { publicIdentity } from './attacker.ts';
import type { PublicIdentity } from '../../static/crypto/identity.ts';
import { startLyingServer } from './lying-server.ts';
import type { LyingServer } from './lying-server.ts';
import { startMaru } from './maru-server.ts';
import type { MaruServer } from './maru-server.ts';
import { alice as aliceName, expect, openBrowser, passwordOf, sheetGroups, test as base } from './office.ts';
import type { Person } from './office.ts';

export type NodeColleague = {
  tab: TestTab;
  userUid: string;
  /** A group with these people. */
  makeRoom: (title: string, userUids: readonly string[], history?: boolean) => Promise<string>;
  says: (roomUid: string, text: string) => Promise<void>;
  reads: (roomUid: string, text: string) => Promise<void>;
  /** Removes somebody, and knows it. */
  kicks: (roomUid: string, userUid: string) => Promise<void>;
  /** Changes the status, which tells everybody anew who this is. */
  showUp: () => Promise<void>;
  room: (roomUid: string) => Room;
};

export type Office = {
  maru: MaruServer;
  server: LyingServer;
  /** `sheet`: the nine groups of her recovery sheet. `password`: the present one. */
  alice: Person & { userUid: string; sheet: string[]; password: string };
  bob: NodeColleague;
  carol: NodeColleague;
  mallory: Colluder;
  /** The public keys of these people, as the real server publishes them. */
  identitiesOf: (...userUids: string[]) => Promise<PublicIdentity[]>;
};

async function openColleague(url: string, username: string, displayName: string): Promise<NodeColleague> {
  const tab = openTab(createBrowser(url));
  await signUp(tab, username, displayName);
  const { rooms, outbox } = tab.app.stores;
  const entryOf = (roomUid: string) => rooms.get().byUid.get(roomUid);
  return {
    tab,
    userUid: uidOf(tab),
    async makeRoom(title, userUids, history = false) {
      const made = await tab.app.actions.rooms.createGroup(title, userUids, history);
      if (!made.ok) throw new Error(`no room: ${made.code}`);
      await stateWhere(rooms, ({ byUid }) => byUid.has(made.value.roomUid), 'the room');
      tab.app.actions.rooms.open(made.value.roomUid);
      return made.value.roomUid;
    },
    async says(roomUid, text) {
      const sent = await tab.app.actions.messages.send(roomUid, text);
      if (!sent.ok) throw new Error(`not sent: ${sent.code}`);
      await stateWhere(outbox, ({ items }) => items.length === 0, `"${text}" sent`);
    },
    async reads(roomUid, text) {
      tab.app.actions.rooms.open(roomUid);
      const isOpen = (): boolean =>
        entryOf(roomUid)?.tail.some(({ content }) => content.state === 'open' && content.text === text) ??
        false;
      await stateWhere(rooms, isOpen, `"${text}"`);
    },
    async kicks(roomUid, userUid) {
      const kicked = await tab.app.actions.rooms.kick(roomUid, userUid);
      if (!kicked.ok) throw new Error(`not removed: ${kicked.code}`);
      const isGone = (): boolean =>
        entryOf(roomUid)?.room.members.every((member) => member.userUid !== userUid) ?? false;
      await stateWhere(rooms, isGone, 'a room without them');
    },
    async showUp() {
      const changed = await tab.app.actions.account.updateProfile({ statusText: '자리에 있습니다' });
      if (!changed.ok) throw new Error(`no status: ${changed.code}`);
    },
    room(roomUid) {
      const entry = entryOf(roomUid);
      if (entry === undefined) throw new Error('not in that room');
      return entry.room;
    },
  };
}

/** `office` is shared by all tests of a worker: everybody in it signs up once. Each test makes rooms of its own. */
export const test = base.extend<{ honesty: undefined }, { office: Office }>({
  office: [
    async ({ browser }, use) => {
      const maru = await startMaru();
      const server = await startLyingServer(maru.port);
      const page = await openBrowser(browser, maru, aliceName, { url: server.lanUrl });
      await page.reachSheet(maru.setUpCode);
      const sheet = await sheetGroups(page);
      await page.page.getByRole('button', { name: page.t('sheet.later'), exact: true }).click();
      // she is the first account, and the owner, before anybody else signs up
      await expect(page.page.getByRole('navigation', { name: page.t('shell.rooms') })).toBeVisible();
      const [registration] = server.inputs('account:register');
      if (registration === undefined) throw new Error('alice has not registered');
      const { userUid } = registration;
      const url = `http://127.0.0.1:${maru.port}`;
      const bob = await openColleague(url, 'bob', '이밥');
      const carol = await openColleague(url, 'carol', '박캐롤');
      const mallory = await signUpColluder(maru.port, 'mallory', '최말로');
      const identitiesOf: Office['identitiesOf'] = async (...userUids) => {
        const people = userUids.map((uid) => ({ userUid: uid }));
        const { statements } = await mallory.client.ask('identity:get', { people });
        return statements.map(publicIdentity);
      };
      await use({
        maru,
        server,
        alice: { ...page, userUid, sheet, password: passwordOf(aliceName) },
        bob,
        carol,
        mallory,
        identitiesOf,
      });
      mallory.client.close();
      for (const { tab } of [bob, carol]) await tab.close();
      await page.page.context().close();
      await server.close();
      await maru.remove();
    },
    { scope: 'worker' },
  ],
  honesty: [
    async ({ office: { server } }, use) => {
      server.forget();
      await use(undefined);
      server.repent();
    },
    { auto: true },
  ],
});

/** Ends all lies; the page is loaded anew and takes what the real server says. Resolves when it has. */
export async function confess({ server, alice }: Office): Promise<void> {
  server.repent();
  await reload(alice);
}

/** Loads alice's page anew; resolves when it has synchronised. */
export async function reload({ page, t }: Office['alice']): Promise<void> {
  await page.reload();
  const me = page.getByRole('button', { name: t('profile.open') });
  // her own dot is there once a synchronisation was applied, and the rooms with it
  await expect(me.locator('.avatar__dot')).toBeVisible();
}

/** A room as alice's server could claim it to be: everywhere a room is told. */
export function lieAboutRoom(server: LyingServer, roomUid: string, change: (room: Room) => Room): void {
  const changed = <State extends { room: Room }>(state: State): State =>
    state.room.roomUid === roomUid ? { ...state, room: change(state.room) } : state;
  const changedOrNull = <State extends { room: Room }>(state: State | null): State | null =>
    state === null ? null : changed(state);
  server.changes('session:sync', (answer) => ({
    ...answer,
    rooms: answer.rooms.map(changed),
    changes: answer.changes.map((one) => ({ ...one, room: changedOrNull(one.room) })),
  }));
  server.changes('room:changes', (answer) => ({ ...answer, room: changedOrNull(answer.room) }));
  server.changes('room:get', changed);
  server.bends('room:joined', changed);
}

/** Tells the page that a room is another one now, and gives that room. */
export function tellRoom(server: LyingServer, room: Room, change: Partial<Room>): Room {
  const next = { ...room, ...change, rev: room.rev + 1 };
  const { members, lastSeq: _, ...head } = next;
  const before = new Set(room.members.map(({ userUid }) => userUid));
  const now = new Set(members.map(({ userUid }) => userUid));
  lieAboutRoom(server, room.roomUid, () => next);
  server.tells('room:changed', {
    ...head,
    added: members.filter(({ userUid }) => !before.has(userUid)),
    changed: [],
    removed: [...before].filter((userUid) => !now.has(userUid)),
  });
  return next;
}

/** Tells the page something else of a person; whatever really changes of them afterwards is newer. */
export function lieAboutPerson(server: LyingServer, person: Colleague, change: Partial<Colleague>): void {
  server.tells('person:updated', { person: { ...person, ...change, rev: person.rev + 0.5 } });
}

/** A person whom only the server knows. */
export const ghostPerson = (userUid: string, displayName: string): Colleague => ({
  userUid,
  username: 'ghost',
  displayName,
  department: '',
  title: '',
  statusText: '',
  state: 'active',
  identityVersion: 1,
  rev: 1,
});

/** Each name once. */
export const namesOf = (given: readonly { name: string }[]): string[] => [
  ...new Set(given.map(({ name }) => name)),
];

/** What was asked and carries something sealed or wrapped: names with the uids that wraps were made for. */
export const givenAway = (server: LyingServer): { name: string; to: string[] }[] =>
  server.asked().flatMap(({ name, input }) => {
    const text = JSON.stringify(input ?? null);
    if (!/"(envelope|wrap|sealed|body)":"/.test(text)) return [];
    const to = [...text.matchAll(/"userUid":"([\w-]+)"/g)].map(([, userUid = '']) => userUid);
    return [{ name, to }];
  });

export { expect };

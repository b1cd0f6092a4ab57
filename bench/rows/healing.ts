/**
 * Somebody lost the keys to 500 rooms, and a colleague in all of them types the digits: how much work it is until every
 * room can be read again. Whole clients and the server in this one process, so that what is measured is the sum of them.
 */
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { realTimers } from '../../static/state/timers.ts';
import type { Timers } from '../../static/state/timers.ts';
import {
  createBrowser,
  online,
  openTab,
  password,
  signUp,
  stateWhere,
} from '../../tests/client/node-client.ts';
import type { TestTab } from '../../tests/client/node-client.ts';
import { verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';

const roomCount = 500;
const workBudgetMs = 150;
/** The clients' pauses, which keep 500 rooms from becoming a storm, are no work. */
const hurry = 100;
const pauseMs = 400;
/** The first room comes after a look at all of them. */
const patienceMs = 5 * 60_000;
const hurried: Timers = { ...realTimers, after: (delayMs, work) => realTimers.after(delayMs / hurry, work) };

const uidOf = ({ app }: TestTab): string => meUidOf(app.stores.account.get()) ?? '';
const openAt = ({ url }: TestServer): TestTab => openTab(createBrowser(url), hurried);

async function makeRooms({ app }: TestTab, other: TestTab): Promise<void> {
  for (let room = 1; room <= roomCount; room += 1) {
    const made = await app.actions.rooms.createGroup(`방 ${room}`, [uidOf(other)]);
    if (!made.ok) throw new Error(`room ${room}: ${made.code}`);
    const sent = await app.actions.messages.send(made.value.roomUid, `${room}번 방의 이야기`);
    if (!sent.ok) throw new Error(`room ${room}: ${sent.code}`);
  }
  await stateWhere(app.stores.outbox, ({ items }) => items.length === 0, 'everything sent');
}

/** An admin's code and a new identity: nothing of before can be read. */
async function reset(server: TestServer, lost: TestTab, username: string): Promise<TestTab> {
  const owner = await server.connectAs('alice');
  const { authKey } = owner.person;
  const { code } = await owner.ask('admin:make-reset-code', {
    userUid: uidOf(lost),
    isDeviceLost: false,
    authKey,
  });
  await lost.close();
  const tab = openAt(server);
  await tab.app.start();
  const keys = await tab.app.actions.loadKeys();
  const steps = [await keys.openWithCode(username, code), await keys.choosePassword(password)];
  const end = await keys.finishReentry(null);
  if (![...steps, end].every(({ ok }) => ok)) throw new Error(`no reset: ${JSON.stringify([steps, end])}`);
  await online(tab);
  return tab;
}

/** Last messages that are open; the others say why they are not. */
const readableRooms = ({ app }: TestTab): number =>
  [...app.stores.rooms.get().byUid.values()].filter(({ tail }) => tail.at(-1)?.content.state === 'open')
    .length;

/** Resolves when every room is readable; rejects when none has become so for minutes. */
function allReadable(tab: TestTab): Promise<void> {
  return new Promise((resolve, reject) => {
    let best = -1;
    let lastProgressAt = performance.now();
    const timer = setInterval(() => {
      const readable = readableRooms(tab);
      if (readable > best) lastProgressAt = performance.now();
      best = Math.max(best, readable);
      const isStuck = performance.now() - lastProgressAt > patienceMs;
      if (best < roomCount && !isStuck) return;
      clearInterval(timer);
      if (isStuck) reject(new Error(`${best} of ${roomCount} rooms can be read`));
      else resolve();
    }, 50);
  });
}

async function measureHealing(): Promise<{ wallMs: number; cpuMs: number }> {
  const server = await startTestServer();
  await server.person('alice');
  const tabs: TestTab[] = [];
  try {
    const [carol, bob] = [openAt(server), openAt(server)];
    tabs.push(carol, bob);
    await signUp(carol, 'carol', '박캐롤');
    await signUp(bob, 'bob', '이밥');
    await makeRooms(carol, bob);
    const again = await reset(server, bob, 'bob');
    tabs.push(again);
    await stateWhere(again.app.stores.rooms, ({ byUid }) => byUid.size === roomCount, 'the rooms');
    const digits = await again.app.actions.trust.ownDigits();
    if (!digits.ok) throw new Error(`no digits: ${digits.code}`);
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    const typed = await carol.app.actions.trust.confirmIdentity(uidOf(again), 2, digits.value);
    if (!typed.ok || !typed.value.ok) throw new Error(`not confirmed: ${JSON.stringify(typed)}`);
    await allReadable(again);
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
  } finally {
    for (const tab of tabs) await tab.close();
    await server.stop();
  }
}

async function measurement(): Promise<Measurement> {
  const { wallMs, cpuMs } = await measureHealing();
  const perRoomMs = cpuMs / roomCount;
  return {
    what: `healing ${roomCount} rooms after a lost identity, by one colleague`,
    budget: `≤ ${workBudgetMs} ms of CPU a room, all readable`,
    measured: `${perRoomMs.toFixed(0)} ms a room, ${(cpuMs / 1_000).toFixed(0)} s in all`,
    reference: '-',
    verdict: verdictOf(perRoomMs <= workBudgetMs),
    notes: [
      `colleague, the person who lost the keys and the server together in one process, ${(wallMs / 1_000).toFixed(0)} s by the clock; clients pause for ${pauseMs} ms between two rooms, ${(roomCount * pauseMs) / 1_000} s that are shortened here.`,
    ],
  };
}

export const healing: Row = { name: 'healing', measure: async () => [await measurement()] };

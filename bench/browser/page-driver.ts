/** The entry of what the bench evaluates inside the product's page, in Chromium: `maruBench.<function>(…)`. */
import type { MessageRow } from '../../static/crypto/index.ts';
import type { EpochTimes, OpeningTimes } from '../product/page-answers.ts';
import { beginLongTasks, endLongTasks, openFirstRoom, smallestRowNumber } from './conversation.ts';
import { measureFirstList } from './first-list.ts';
import { enrolPair, postMessages } from './long-room.ts';
import { acceptEpoch, inventPeople, randomUid, sealRow, startStand } from './stand.ts';

async function timed<Value>(work: () => Promise<Value>): Promise<{ ms: number; value: Value }> {
  const startedAt = performance.now();
  const value = await work();
  return { ms: performance.now() - startedAt, value };
}

/** A room of `memberCount` people: its first epoch (every statement is new), then epochs that each remove somebody. */
async function measureEpochs(memberCount: number, rounds: number): Promise<EpochTimes> {
  const stand = await startStand('alice', '앨리스');
  const people = inventPeople(stand, memberCount + rounds - 1);
  const names = new Map([stand.me, ...people].map(({ userUid, displayName }) => [userUid, displayName]));
  const roomUid = randomUid();
  const first = await timed(() =>
    stand.client.makeFirstEpoch({ roomUid, type: 'group', history: false, people }),
  );
  await acceptEpoch(stand, roomUid, first.value, names);
  const nextMs: number[] = [];
  beginLongTasks();
  for (const { userUid } of people.slice(0, rounds)) {
    const next = await timed(() => stand.client.makeNextEpoch({ roomUid, add: [], remove: [userUid] }));
    nextMs.push(next.ms);
    await acceptEpoch(stand, roomUid, next.value, names);
  }
  const longTasksMs = await endLongTasks();
  stand.client.dispose();
  return { firstMs: first.ms, nextMs, longTasksMs };
}

/** Opens pages of messages that the worker has not seen; the times are the page's, messages to the worker and back. */
async function measureOpening(pageSize: number, rounds: number): Promise<OpeningTimes> {
  const stand = await startStand('alice', '앨리스');
  const roomUid = randomUid();
  const people = inventPeople(stand, 1);
  const first = await stand.client.makeFirstEpoch({ roomUid, type: 'group', history: false, people });
  await acceptEpoch(stand, roomUid, first, new Map());
  const rows: MessageRow[] = [];
  for (let seq = 1; seq <= pageSize * rounds; seq += 1) rows.push(await sealRow(stand, roomUid, seq));
  const times: OpeningTimes = {
    openMs: [],
    verifyMs: [],
    hasWebCrypto: globalThis.crypto.subtle !== undefined,
  };
  for (let at = 0; at < rows.length; at += pageSize) {
    const page = rows.slice(at, at + pageSize);
    const opened = await timed(() => stand.client.openMessages(roomUid, page));
    if (!opened.value.every(({ ok }) => ok)) throw new Error('a message did not open');
    times.openMs.push(opened.ms);
    times.verifyMs.push((await timed(() => stand.client.verifyMessages(roomUid, page))).ms);
  }
  stand.client.dispose();
  return times;
}

const maruBench = {
  measureEpochs,
  measureOpening,
  enrolPair,
  postMessages,
  openFirstRoom,
  beginLongTasks,
  endLongTasks,
  smallestRowNumber,
  measureFirstList,
};
Object.assign(globalThis, { maruBench });

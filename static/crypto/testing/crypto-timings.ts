import { createWorld, type Person } from './crypto-world.ts';

/** How long the two things take that have a budget (docs/architecture.md section 12). One core, no WebCrypto. */
export type CryptoTimings = {
  newEpochMs: number;
  acceptEpochMs: number;
  openPageMs: number;
  verifyPageMs: number;
};

/** Measures with a room of `memberCount` people and a page of `messageCount` messages, `now` in ms. */
export async function measureCrypto(
  now: () => number,
  memberCount = 1_000,
  messageCount = 50,
): Promise<CryptoTimings> {
  const world = createWorld('timings');
  const people: Person[] = [];
  for (let index = 0; index < memberCount; index += 1)
    people.push(await world.addPerson(`P${String(index)}`));
  const [alice, bob, ...others] = people;
  if (alice === undefined || bob === undefined) throw new Error('at least two people');
  const roomUid = await world.createRoom(alice, [bob, ...others]);
  await world.accept(alice, roomUid);

  const makeStart = now();
  const made = await alice.engine.makeNextEpoch({ roomUid, add: [], remove: [] });
  const newEpochMs = now() - makeStart;
  world.storeEpoch(roomUid, made);
  const acceptStart = now();
  await world.accept(bob, roomUid);
  const acceptEpochMs = now() - acceptStart;
  await world.accept(alice, roomUid);

  for (let index = 0; index < messageCount; index += 1) {
    await world.send(alice, roomUid, '오늘 회의는 오후 세 시, 마루 회의실입니다. '.repeat(5));
  }
  const { messages } = world.roomOf(roomUid);
  const openStart = now();
  const opened = await bob.engine.openMessages(roomUid, messages);
  const openPageMs = now() - openStart;
  const verifyStart = now();
  const verified = await bob.engine.verifyMessages(roomUid, messages);
  const verifyPageMs = now() - verifyStart;
  if (!opened.every(({ ok }) => ok) || !verified.every(({ ok }) => ok))
    throw new Error('a message did not open');
  return { newEpochMs, acceptEpochMs, openPageMs, verifyPageMs };
}

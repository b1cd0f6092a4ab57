/** Three people in one room, each with a whole client, against a real server. */
import assert from 'node:assert/strict';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { createBrowser, openTab, signUp, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';

export type ThreePeople = { alice: TestTab; bob: TestTab; carol: TestTab; roomUid: string };

export const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';

/** Alice makes a room of all three; everybody has it open. Whoever calls it closes the tabs. */
export async function openThreePeople(url: string): Promise<ThreePeople> {
  const [alice, bob, carol] = [
    openTab(createBrowser(url)),
    openTab(createBrowser(url)),
    openTab(createBrowser(url)),
  ];
  await signUp(alice, 'alice', '김앨리스');
  await signUp(bob, 'bob', '이밥');
  await signUp(carol, 'carol', '박캐롤');
  const made = await alice.app.actions.rooms.createGroup('회의', [uidOf(bob), uidOf(carol)]);
  assert.ok(made.ok);
  const { roomUid } = made.value;
  for (const tab of [alice, bob, carol]) {
    await stateWhere(tab.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room');
    tab.app.actions.rooms.open(roomUid);
  }
  return { alice, bob, carol, roomUid };
}

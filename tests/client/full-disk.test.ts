/** The disk fills up under a running server: nobody loses anything, reading goes on, and space heals it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { createBrowser, openTab, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

/** Takes whatever space is left. */
function fill(file: string): void {
  const opened = openSync(file, 'w');
  try {
    for (let size = 1 << 20; size >= 1; size >>= 1) {
      const block = Buffer.alloc(size);
      try {
        while (writeSync(opened, block) === size);
      } catch (error) {
        assert.equal(Object(error).code, 'ENOSPC');
      }
    }
  } finally {
    closeSync(opened);
  }
}

type Health = { status: string; problems: string[] };

const readHealth = async (url: string): Promise<Health> =>
  (await (await fetch(`${url}/healthz`)).json()) as Health; // the page's documented form

async function readPage(browser: Browser, roomUid: string): Promise<{ senderUid: string; seq: number }[]> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${browser.url}/api/rooms/${roomUid}/messages`, { headers: { cookie } });
  assert.equal(answer.status, 200);
  const { messages } = Object(await answer.json());
  return messages;
}

const textsOf = (tab: TestTab, roomUid: string): string[] =>
  (tab.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? []).map(({ content }) =>
    content.state === 'open' ? content.text : content.state,
  );

test(
  'a full disk refuses a message, keeps reading possible, and lets the same message in once there is space',
  {
    skip: process.platform !== 'linux' || process.getuid?.() !== 0 ? 'needs a small disk of its own' : false,
  },
  async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'maru-full-'));
    const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    t.after(async () => {
      // lazily, too: a server that cannot stop on a full disk must not leave the disk behind
      const failures: unknown[] = [];
      for (const step of undo.reverse()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      assert.deepEqual(failures, []);
    });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder]);
    if (mounted.status !== 0) return t.skip('this machine allows no mounts');
    undo.push(() => assert.equal(spawnSync('umount', ['-l', folder]).status, 0));
    const server = await startTestServer({ dataDir: folder });
    undo.push(() => server.stop());
    const [alicesBrowser, bobsBrowser] = [createBrowser(server.url), createBrowser(server.url)];
    const [alice, bob] = [openTab(alicesBrowser), openTab(bobsBrowser)];
    undo.push(() => Promise.all([alice.close(), bob.close()]));
    await signUp(alice, 'alice', '김앨리스');
    await signUp(bob, 'bob', '이밥');
    const made = await alice.app.actions.rooms.createDirect(meUidOf(bob.app.stores.account.get()) ?? '');
    assert.ok(made.ok);
    const { roomUid } = made.value;
    await stateWhere(bob.app.stores.rooms, (state) => state.byUid.has(roomUid), 'the room');
    for (const tab of [alice, bob]) tab.app.actions.rooms.open(roomUid);
    const areThere = (...texts: string[]): Promise<unknown> =>
      stateWhere(bob.app.stores.rooms, () => textsOf(bob, roomUid).join() === texts.join(), texts.join());
    await alice.app.actions.messages.send(roomUid, '공간이 있을 때');
    await areThere('공간이 있을 때');
    assert.deepEqual((await readHealth(server.url)).problems, []);

    const ballast = path.join(folder, 'ballast');
    fill(ballast);
    await alice.app.actions.messages.send(roomUid, '가득 찼을 때');
    const isRefused = ({ items }: ReturnType<typeof alice.app.stores.outbox.get>): boolean =>
      items[0]?.state.name === 'waiting' && items[0].state.reason === 'DISK_FULL';
    await stateWhere(alice.app.stores.outbox, isRefused, 'a message that waits for space');
    const { status, problems } = await readHealth(server.url);
    assert.deepEqual([status, problems], ['degraded', ['DISK_FULL']]);
    assert.equal((await readPage(bobsBrowser, roomUid)).length, 1);
    assert.deepEqual(textsOf(bob, roomUid), ['공간이 있을 때']);

    rmSync(ballast);
    await areThere('공간이 있을 때', '가득 찼을 때');
    await stateWhere(alice.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
    await stateWhere(alice.app.stores.rooms, () => textsOf(alice, roomUid).length === 2, 'the message, once');
    const stored = await readPage(bobsBrowser, roomUid);
    assert.deepEqual(
      stored.map(({ seq }) => seq),
      [1, 2],
    );
    assert.deepEqual((await readHealth(server.url)).problems, []);
  },
);

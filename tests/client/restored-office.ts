/** An office whose administrator restores a backup: whole clients, and a server that goes back to what it was. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { databaseName } from '../../server/database/database-file.ts';
import { copyStopped, createDataFolder, restoreCopy } from '../../server/testing/restored-server.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { realTimers } from '../../static/state/timers.ts';
import type { Timers } from '../../static/state/timers.ts';
import {
  connectionLost,
  createBrowser,
  online,
  openTab,
  password,
  signUp,
  stateWhere,
} from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

const names = { alice: '김앨리스', bob: '이밥', carol: '박캐롤' } as const;
type Name = keyof typeof names;

/** Pauses that spread healing over minutes are no part of what is tested here. */
const hurried: Timers = { ...realTimers, after: (delayMs, work) => realTimers.after(delayMs / 20, work) };

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** A server with people, which can go back to what it was. */
export const openOffice = async ({ isHurried = false } = {}) => {
  const timers = isHurried ? hurried : realTimers;
  const folder = createDataFolder();
  let server: TestServer = await startTestServer({ dataDir: folder.dataDir });
  const { port, url } = server;
  const browsers = new Map<Name, Browser>();
  const tabs = new Map<string, TestTab>();
  const uids = new Map<Name, string>();
  const tab = (name: Name): TestTab => {
    const found = tabs.get(name);
    assert.ok(found);
    return found;
  };
  for (const name of ['alice', 'bob', 'carol'] as const) {
    const browser = createBrowser(url);
    browsers.set(name, browser);
    tabs.set(name, openTab(browser, timers));
    await signUp(tab(name), name, names[name]);
    uids.set(name, meUidOf(tab(name).app.stores.account.get()) ?? '');
  }
  const start = async (): Promise<void> => {
    server = await startTestServer({ dataDir: folder.dataDir, config: { port } });
  };
  const atTheForm = async (name: Name): Promise<void> => {
    const { app } = tab(name);
    app.wakeUp();
    await stateWhere(app.stores.account, ({ phase }) => phase.name === 'signed-out', 'a session that ended');
  };
  const stop = async (): Promise<void> => {
    await server.server.stop();
    for (const open of tabs.values()) await connectionLost(open);
  };
  return {
    tab,
    uid: (name: Name): string => uids.get(name) ?? '',
    /** From now on this is what that person works with. */
    moveTo: (name: Name, next: TestTab): void => void tabs.set(name, next),
    /** Yesterday's backup; everybody goes on afterwards. */
    backUp: async (): Promise<string> => {
      await stop();
      const copy = copyStopped(folder.dataDir);
      await start();
      for (const { app } of tabs.values()) app.wakeUp();
      for (const open of tabs.values()) await online(open);
      return copy;
    },
    stop,
    restore: async (copy: string): Promise<void> => {
      await restoreCopy(folder.dataDir, copy);
      await start();
    },
    /** The page was open all the time: its session ended, and the person signs in again. */
    signIn: async (name: Name): Promise<void> => {
      await atTheForm(name);
      assert.equal(codeOf(await tab(name).app.actions.account.signIn(name, password)), 'OK');
      await online(tab(name));
    },
    atTheForm,
    /** Another browser of that person, which knows nothing. */
    freshTab: async (name: string): Promise<TestTab> => {
      const fresh = openTab(createBrowser(url), timers);
      tabs.set(`${name} ${String(tabs.size)}`, fresh);
      await fresh.app.start();
      return fresh;
    },
    makeCode: async (name: Name): Promise<string> => {
      const input = { userUid: uids.get(name) ?? '', isDeviceLost: false };
      const made = await server.server.askAsHost('admin:make-reset-code', input);
      assert.ok(made.ok);
      return String(Object(made.value).code);
    },
    /** What a server does that lies: the old state under a name of its own, and no word of a restore. */
    goBackSilently: async (copy: string, generation: string | null): Promise<void> => {
      copyFileSync(copy, path.join(folder.dataDir, databaseName));
      if (generation !== null) {
        const database = new Database(path.join(folder.dataDir, databaseName));
        const state = database.prepare('insert or replace into server_state (name, value) values (?, ?)');
        for (const name of ['generation', 'generation_ran']) state.run(name, generation);
        database.close();
      }
      await start();
    },
    browser: (name: Name): Browser => browsers.get(name) ?? assert.fail(),
    close: async (): Promise<void> => {
      for (const open of tabs.values()) await open.close();
      await server.stop();
      folder.remove();
    },
  };
};

export const valueOf = async (
  made: Promise<{ ok: boolean; value?: { roomUid: string } }>,
): Promise<string> => {
  const result = await made;
  assert.ok(result.value, JSON.stringify(result));
  return result.value.roomUid;
};
export const done = async (asked: Promise<{ ok: boolean; code?: string }>): Promise<void> => {
  const result = await asked;
  assert.equal(result.ok || result.code, true);
};
export const room = ({ app }: TestTab, roomUid: string) => app.stores.rooms.get().byUid.get(roomUid);
export const knows = (
  tab: TestTab,
  roomUid: string,
  fits: (entry: NonNullable<ReturnType<typeof room>>) => boolean,
) =>
  stateWhere(
    tab.app.stores.rooms,
    () => {
      const entry = room(tab, roomUid);
      return entry !== undefined && fits(entry);
    },
    'the room',
  );
type Entry = NonNullable<ReturnType<typeof room>>;
export const isSendable = ({ keys }: Entry): boolean => keys.verdict?.status === 'sendable';
/** This client accepted that very epoch: what is on screen of the one before says nothing. */
export const isSendableAt =
  (epoch: number) =>
  (entry: Entry): boolean =>
    isSendable(entry) && entry.room.epoch === epoch && entry.keys.verdict?.epoch === epoch;
export const textsOf = (tab: TestTab, roomUid: string): string[] =>
  (room(tab, roomUid)?.tail ?? []).map(({ content }) =>
    content.state === 'open' ? content.text : content.state,
  );
export const reads = (tab: TestTab, roomUid: string, wanted: string[]): Promise<unknown> =>
  stateWhere(tab.app.stores.rooms, () => textsOf(tab, roomUid).join() === wanted.join(), wanted.join());
export const codeOf = (result: { ok: boolean; code?: string }): string => result.code ?? 'OK';

/** Records are kept a moment after they were accepted, and rooms half a second after they changed. */
export const settle = async (tab: TestTab): Promise<void> => {
  await tab.app.flush();
  await stateWhere(tab.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
};

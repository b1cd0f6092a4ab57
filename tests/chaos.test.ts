/** The server is killed, again and again, while people talk: nothing acknowledged is lost, doubled or reordered. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createHttpClient } from '../server/testing/http-client.ts';
import {
  createEpoch,
  createPerson,
  epochInput,
  randomUid,
  registrationOf,
} from '../server/testing/people.ts';
import type { TestPerson } from '../server/testing/people.ts';
import { createChaosClient } from './chaos/chaos-client.ts';
import type { ChaosClient } from './chaos/chaos-client.ts';
import { startKillableServer } from './chaos/killable-server.ts';

const clientCount = 6;
const messagesEach = 1_000;
const killCount = 24;
const total = clientCount * messagesEach;

type Signed = { person: TestPerson; browser: ReturnType<typeof createHttpClient> };

async function signUp(port: number, username: string): Promise<Signed> {
  const person = createPerson(username);
  const browser = createHttpClient(port);
  const answer = await browser.request('POST', '/api/register', registrationOf(person));
  assert.equal(answer.status, 200, answer.text);
  browser.setCsrfToken((answer.body as { csrfToken: string }).csrfToken); // `SignedIn` of the contract
  return { person, browser };
}

async function createRooms(people: readonly Signed[]): Promise<string[]> {
  const [creator] = people;
  assert.ok(creator);
  const roomUids = [randomUid(), randomUid(), randomUid()];
  for (const [index, roomUid] of roomUids.entries()) {
    const everybody = people.map(({ person }) => person);
    const epoch = createEpoch({ roomUid, type: 'group', creator: creator.person, people: everybody });
    const body = { roomUid, type: 'group', title: `방 ${index}`, epoch: epochInput(epoch) };
    const answer = await creator.browser.request('POST', '/api/rooms', body);
    assert.equal(answer.status, 200, answer.text);
  }
  return roomUids;
}

/** What the server holds in the end, asked page by page. */
async function storedNames(browser: Signed['browser'], roomUid: string): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const answer = await browser.request('GET', `/api/rooms/${roomUid}/messages?after=${names.length}`);
    const page = answer.body as {
      messages: { seq: number; senderUid: string; clientId: string }[];
      hasAfter: boolean;
    }; // the contract's output
    for (const { seq, senderUid, clientId } of page.messages) {
      assert.equal(seq, names.length + 1, 'seq is dense, from 1');
      names.push(`${senderUid}.${clientId}`);
    }
    if (!page.hasAfter) return names;
  }
}

function assertAcknowledgedIsStored(clients: readonly ChaosClient[], stored: ReadonlyMap<string, string[]>) {
  for (const { userUid, acknowledged } of clients) {
    assert.equal(acknowledged.length, messagesEach);
    const lastSeqs = new Map<string, number>();
    for (const { roomUid, clientId, seq } of acknowledged) {
      assert.equal(
        stored.get(roomUid)?.[seq - 1],
        `${userUid}.${clientId}`,
        'stored where it was acknowledged',
      );
      assert.ok(seq > (lastSeqs.get(roomUid) ?? 0), 'in the order of sending');
      lastSeqs.set(roomUid, seq);
    }
  }
}

function assertEverybodySawTheSame(clients: readonly ChaosClient[], stored: ReadonlyMap<string, string[]>) {
  for (const { told, disorders } of clients) {
    assert.deepEqual(disorders, [], 'live events come once and in order');
    for (const [roomUid, names] of stored) {
      const seen = told.get(roomUid);
      assert.equal(seen?.size, names.length, 'everything was seen');
      for (const [index, name] of names.entries()) {
        // one claim per seq, ever: nobody was told of something that a kill then took back
        assert.deepEqual([...(seen?.get(index + 1) ?? [])], [name]);
      }
    }
  }
}

test('a server killed 24 times loses, doubles and reorders nothing that it acknowledged', async (t) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-chaos-'));
  const server = await startKillableServer(dataDir);
  t.after(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const people: Signed[] = [];
  for (let index = 0; index < clientCount; index += 1)
    people.push(await signUp(server.port, `person${index}`));
  const roomUids = await createRooms(people);

  let acknowledged = 0;
  let restarting: Promise<void> | undefined;
  const onAcknowledged = (): void => {
    acknowledged += 1;
    const due = Math.floor((acknowledged * (killCount + 1)) / total);
    if (restarting !== undefined || due <= server.kills() || server.kills() >= killCount) return;
    restarting = server.killAndRestart().finally(() => (restarting = undefined));
    t.after(() => restarting);
  };
  const clients = people.map(({ person, browser }) =>
    createChaosClient(server.port, person.userUid, browser.cookieHeader(), onAcknowledged),
  );
  t.after(() => clients.forEach((client) => client.close()));

  await Promise.all(clients.map((client) => client.sendAll(roomUids, messagesEach)));
  await restarting;
  while (server.kills() < killCount) await server.killAndRestart();
  await Promise.all(clients.map((client) => client.catchUp(roomUids)));

  const [reader] = people;
  assert.ok(reader);
  const stored = new Map<string, string[]>();
  for (const roomUid of roomUids) stored.set(roomUid, await storedNames(reader.browser, roomUid));
  const names = [...stored.values()].flat();
  assert.equal(names.length, total, 'nothing lost, nothing added');
  assert.equal(new Set(names).size, total, 'nothing doubled');
  assertAcknowledgedIsStored(clients, stored);
  assertEverybodySawTheSame(clients, stored);
  assert.ok(server.kills() >= killCount);
  assert.ok(
    clients.reduce((sum, client) => sum + client.retries(), 0) > killCount,
    'the kills hit requests under way',
  );
});

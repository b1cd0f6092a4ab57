import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { createAuditExport, readChainPage } from './audit-export-requests.ts';
import { appendAudit, verifyAudit } from './audit-log.ts';

type Entry = {
  id: number;
  at: number;
  actorUid: string;
  action: string;
  subject: string;
  details: string;
  previousHash: string;
  hash: string;
  subjectName: string;
};

/** As docs/operating.md tells it to whoever checks a log elsewhere. */
function assertChain(entries: readonly Entry[], head: string | null): void {
  let previous = entries[0]?.previousHash;
  for (const { at, actorUid, action, subject, details, previousHash, hash } of entries) {
    assert.equal(previousHash, previous);
    const text = JSON.stringify([previousHash, at, actorUid, action, subject, details]);
    assert.equal(hash, createHash('sha256').update(text).digest('base64url'));
    previous = hash;
  }
  assert.equal(previous, head);
}

/** The cells of a file as a spreadsheet reads them. */
const parseCsv = (text: string): string[][] =>
  text
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
    );

describe('the audit log to take away', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  before(async () => {
    server = await startTestServer();
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    await bob.ask('account:update', { displayName: '=1+1 이밥' });
    const { authKey } = alice.person;
    await alice.ask('admin:disable', { userUid: bob.userUid, authKey });
    await alice.ask('admin:enable', { userUid: bob.userUid });
    bob = await connectTestClient(server.port, bob.person);
  });
  after(() => server.stop());

  const fetchFile = (query = '', by = alice) => by.http('GET', `/api/admin/audit/export${query}`);
  const jsonFile = async (query = '') => {
    const answer = await fetchFile(`?format=json${query}`);
    assert.equal(answer.status, 200);
    return answer.body as { format: string; entries: Entry[]; head: string };
  };

  test('as JSON it has every entry, and can be checked without the server', async () => {
    const { format, entries, head } = await jsonFile();
    assert.equal(format, 'maru-audit-1');
    assert.ok(entries.length >= 3);
    assert.equal(entries[0]?.previousHash, '-');
    assertChain(entries, head);
    assert.equal((await alice.ask('admin:check-audit', {})).head, head);
  });

  test('as CSV it opens in a spreadsheet, in Korean, and nothing in it is a formula', async () => {
    const answer = await fetchFile('?format=csv');
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
    const name = answer.headers.get('content-disposition');
    assert.match(name ?? '', /^attachment; filename="audit-\d{4}-\d{2}-\d{2}\.csv"$/);
    const [head = [], ...rows] = parseCsv(answer.text);
    const { entries } = await jsonFile();
    const plain = (cell = ''): string => cell.replace(/^'(?=\s*[=+\-@])/, '');
    const column = (row: string[], title: string): string => plain(row[head.indexOf(title)]);
    const hashes = rows.map((row) => [column(row, 'previous_hash'), column(row, 'hash')]);
    assert.deepEqual(
      hashes,
      entries.map((entry) => [entry.previousHash, entry.hash]),
    );
    assert.ok(rows.some((row) => row.includes("'=1+1 이밥")));
    for (const cell of rows.flat()) assert.doesNotMatch(cell, /^\s*[=+\-@\t\r]/);
  });

  test('of a time only, still a chain', async () => {
    const { entries } = await jsonFile();
    const [first, second] = entries;
    assert.ok(first && second);
    const last = entries.at(-1);
    const { entries: some } = await jsonFile(`&from=${second.at}`);
    assert.deepEqual(
      some,
      entries.filter(({ at }) => at >= second.at),
    );
    assertChain(some, last?.hash ?? null);
    assert.deepEqual((await jsonFile(`&to=${first.at}`)).entries, []);
  });

  test('only owner and admins get it', async () => {
    assert.equal((await fetchFile('', bob)).status, 403);
    const stranger = await server.browser().request('GET', '/api/admin/audit/export');
    assert.equal(stranger.status, 401);
  });
});

describe('a long log', () => {
  let opened: TestDatabase;
  const count = 2 * limits.auditChainPageSize + 30;
  before(async () => {
    opened = await openTestDatabase();
    await opened.database.write(async (unit) => {
      for (let at = 1; at <= count; at += 1) {
        await appendAudit(unit, { at, actorUid: 'cli', action: 'backup-made', subject: 'server' });
      }
      return { value: undefined, events: [] };
    });
  });
  after(() => opened.close());

  test('comes in pages, and those in which nothing fits lead on', async () => {
    const { read } = opened.database;
    const ids: number[] = [];
    const sizes: number[] = [];
    let place: number | null = 0;
    while (place !== null) {
      const page = await readChainPage(read, { after: place, from: count - 1, to: undefined });
      ids.push(...page.entries.map(({ id }) => id));
      sizes.push(page.entries.length);
      place = page.next;
    }
    assert.deepEqual({ ids, sizes }, { ids: [count - 1, count], sizes: [0, 0, 2] });
  });

  test('is made as fast as it is read: a piece of it is in memory at a time', async () => {
    const { read } = opened.database;
    const handlers = createAuditExport({ database: { read }, readRole: async () => 'admin' });
    // what this handler uses of a request
    const context = { caller: { userId: 1 }, now: 0 } as Parameters<
      (typeof handlers)['admin:export-audit']
    >[0];
    const { chunks: csv } = await handlers['admin:export-audit'](context, {});
    for await (const piece of csv) {
      assert.ok(String(piece).startsWith('\ufeff"id"'), 'Excel takes it for UTF-8');
      break;
    }
    const { chunks } = await handlers['admin:export-audit'](context, { format: 'json' });
    const pieces: string[] = [];
    for await (const piece of chunks) pieces.push(String(piece));
    const perPiece = pieces.map((piece) => [...piece.matchAll(/"id":/g)].length);
    assert.deepEqual(perPiece, [0, limits.auditChainPageSize, limits.auditChainPageSize, 30, 0]);
    const { entries, head } = JSON.parse(pieces.join('')) as { entries: Entry[]; head: string };
    assertChain(entries, head);
    assert.equal((await verifyAudit(read)).head, head);
  });
});

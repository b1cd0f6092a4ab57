/** A deleted account leaves an anonymous tombstone, and everything of other people stays whole. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '../server/contract/request.ts';
import type { SignedIn } from '../server/contract/accounts.ts';
import { createPerson, epochInput, randomB64, registrationOf } from '../server/testing/people.ts';
import { memoFor } from '../server/testing/memos.ts';
import { createReaction, createRoom, messageFor, nextEpoch, pollFor } from '../server/testing/rooms.ts';
import type { TestRoom } from '../server/testing/rooms.ts';
import { startTestServer } from '../server/testing/test-server.ts';
import type { TestClient } from '../server/testing/test-client.ts';
import type { TestServer } from '../server/testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

type Row = Record<string, string | number | null>;

const rowsOf = (db: DatabaseSync, sql: string, ...values: (string | number)[]): Row[] =>
  db.prepare(sql).all(...values) as Row[]; // the tables hold nothing but text and numbers

const tablesOf = (db: DatabaseSync): string[] =>
  rowsOf(db, `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`).map((row) =>
    String(row['name']),
  );

type Reference = { table: string; columns: string[]; parent: string; parentColumns: string[] };

/** Every foreign key of every table, as the database itself declares them. */
const referencesOf = (db: DatabaseSync): Reference[] =>
  tablesOf(db).flatMap((table) => {
    const parts = Object.values(
      Object.groupBy(rowsOf(db, `pragma foreign_key_list(${table})`), (row) => String(row['id'])),
    );
    return parts.flatMap((rows = []) => ({
      table,
      parent: String(rows[0]?.['table']),
      columns: rows.map((row) => String(row['from'])),
      parentColumns: rows.map((row) => String(row['to'])),
    }));
  });

/** Rows that name a parent that is not there. */
const orphansOf = (db: DatabaseSync, { table, columns, parent, parentColumns }: Reference): Row[] => {
  const join = columns.map((column, i) => `parent.${parentColumns[i]} = child.${column}`).join(' and ');
  const named = columns.map((column) => `child.${column} is not null`).join(' and ');
  return rowsOf(
    db,
    `select child.* from ${table} child where ${named}
     and not exists (select 1 from ${parent} parent where ${join})`,
  );
};

describe('a deleted account', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-deletion-'));
  let server: TestServer;
  let alice: TestClient;
  let carol: TestClient;
  let leaving: TestClient;
  let phone: TestClient;
  let direct: TestRoom;
  let group: TestRoom;
  let alone: TestRoom;
  let forgotten: TestRoom;
  let cookie: string;
  let db: DatabaseSync;
  /** Everything that is personal and must be nowhere afterwards. */
  let traces: string[];

  before(async () => {
    server = await startTestServer({ dataDir });
    alice = await server.connectAs('alice');
    carol = await server.connectAs('carol');
    const person = await server.person('leaving.person');
    leaving = await server.connectAs('leaving.person');
    phone = await server.connectAs('leaving.person');
    cookie = phone.browser.cookieHeader();
    await leaving.ask('account:update', {
      displayName: '떠나는사람',
      department: '회계 3팀',
      title: '대리님',
      statusText: '곧 떠남!',
    });
    const { salt, keys, pins, passwordWrap, recoveryWrap } = leaving.signedIn.vault;
    traces = ['leaving.person', '떠나는사람', '회계 3팀', '대리님', '곧 떠남!'];
    traces.push(salt, keys.blob, pins.blob, passwordWrap, recoveryWrap);
    traces.push(leaving.sessionUid, phone.sessionUid);

    direct = await createRoom(leaving, [alice.person]);
    group = await createRoom(leaving, [alice.person, carol.person], '회의');
    alone = await createRoom(leaving, [], '혼자');
    const gone = await server.connectAs('gone.before');
    forgotten = await createRoom(gone, [person]);
    for (const room of [direct, group, alone, forgotten]) await leaving.ask('message:send', messageFor(room));
    await alice.ask('message:send', messageFor(direct));
    await alice.ask('message:send', messageFor(group));
    await alice.ask('room:read', { roomUid: group.roomUid, seq: 1 });
    const poll = pollFor(group);
    await alice.ask('message:send', poll);
    const vote = { id: `${alice.userUid}.${poll.clientId}`, optionIds: poll.poll.optionIds.slice(0, 1) };
    await leaving.ask('poll:vote', vote);
    const reactedTo = messageFor(direct);
    await alice.ask('message:send', reactedTo);
    const named = { roomUid: direct.roomUid, message: `${alice.userUid}.${reactedTo.clientId}` };
    await leaving.ask('reaction:add', { ...named, ...createReaction(direct) });
    const raised = messageFor(group);
    await alice.ask('message:send', raised);
    const notice = { roomUid: group.roomUid, message: `${alice.userUid}.${raised.clientId}` };
    await alice.ask('notice:raise', notice);
    await leaving.ask('notice:acknowledge', notice);
    await leaving.ask('my:set-room', { roomUid: group.roomUid, isFavourite: true, level: 'none' });
    await leaving.ask('memo:send', memoFor(person, [alice.person]));
    const memo = memoFor(alice.person, [person]);
    await alice.ask('memo:send', memo);
    traces.push(...memo.readers.map(({ wrap }) => wrap));
    const { roomUid, ...body } = messageFor(group);
    const headers = { 'idempotency-key': 'once' };
    await leaving.http('POST', `/api/rooms/${roomUid}/messages`, body, headers);
    traces.push(...[direct, group].flatMap(({ epoch }) => wrapOf(epoch.wraps, person.userUid)));
    const listed = await createRoom(carol, [alice.person], '찾을 수 있는 방');
    await carol.ask('room:set-policies', { roomUid: listed.roomUid, isListed: true });
    await leaving.ask('room:ask', { roomUid: listed.roomUid });
    await leaving.ask('room:set-role', { roomUid: group.roomUid, userUid: carol.userUid, role: 'admin' });
    await gone.http('DELETE', '/api/me', { authKey: gone.person.authKey });
    for (let sent = 0; sent < 7; sent += 1) await alice.next('message:sent');

    const wrong = await leaving.http('DELETE', '/api/me', { authKey: randomB64(32) });
    assert.equal(wrong.status, 401);
    const { authKey } = leaving.person;
    const { status } = await leaving.http('DELETE', '/api/me', { authKey }, { 'idempotency-key': 'last' });
    assert.equal(status, 200);
  });
  after(() => {
    db.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const wrapOf = (wraps: readonly { userUid: string; wrap: string }[], userUid: string): string[] =>
    wraps.filter((wrap) => wrap.userUid === userUid).map(({ wrap }) => wrap);

  test('ends its sessions and sockets, and its browser forgets it', async () => {
    for (const client of [leaving, phone]) {
      assert.deepEqual(await client.next('session:ended'), { reason: 'account-deleted' });
      await client.disconnected();
    }
    assert.equal(leaving.browser.cookies.size, 0);
    assert.equal((await server.browser().request('GET', '/api/me', undefined, { cookie })).status, 401);
  });

  test('tells those who shared a room, and leaves groups, which hand over and rekey', async () => {
    const { person } = await alice.next('person:updated', (event) => event.person.state === 'deleted');
    assert.deepEqual([person.userUid, person.username, person.displayName], [leaving.userUid, '', '']);
    const ofGroup = (event: { roomUid: string; removed: string[] }): boolean =>
      event.roomUid === group.roomUid && event.removed.length > 0;
    const change = await carol.next('room:changed', ofGroup);
    assert.deepEqual(change.removed, [leaving.userUid]);
    assert.equal(change.ownerUid, carol.userUid, 'an admin before whoever was there longer');
    assert.equal(change.isRekeyNeeded, true);
    assert.equal((await alice.next('rekey:wanted')).roomUid, group.roomUid);
    const epoch = nextEpoch(group, carol.person, [alice.person, carol.person]);
    await carol.ask('room:rekey', { roomUid: group.roomUid, epoch: epochInput(epoch) });
    await alice.ask('message:send', messageFor({ ...group, epoch }));
  });

  test('keeps conversations of other people, its own sealed messages included', async () => {
    const page = await alice.ask('message:page', { roomUid: direct.roomUid });
    assert.deepEqual(
      page.messages.map((message) => message.senderUid),
      [leaving.userUid, alice.userUid, alice.userUid],
    );
    assert.deepEqual(page.messages[2]?.reactions?.[0]?.people, [leaving.userUid]);
    assert.equal(codeOf(await alice.call('message:send', messageFor(direct))), 'PERSON_DISABLED');
    const { statements } = await alice.ask('identity:get', { people: [{ userUid: leaving.userUid }] });
    assert.equal(statements[0]?.statement, leaving.person.statement);
    const { epochs } = await alice.ask('epoch:list', { roomUid: direct.roomUid, from: 1 });
    assert.equal(epochs[0]?.record, direct.epoch.record);
  });

  test('cannot be signed in to, found, invited, or named again', async () => {
    const { authKey, username } = leaving.person;
    const login = await server.browser().request('POST', '/api/login', { username, authKey });
    assert.equal((login.body as { code: string }).code, 'WRONG_PASSWORD');
    const namesake = await server
      .browser()
      .request('POST', '/api/register', registrationOf(createPerson(username)));
    assert.equal((namesake.body as { code: string }).code, 'NAME_TAKEN');
    const check = await server.browser().request('POST', '/api/register/check', { username });
    assert.equal((check.body as { code: string }).code, 'NAME_TAKEN');
    const { people } = await alice.ask('people:list', {});
    assert.deepEqual(
      people.map((person) => person.username),
      ['alice', 'carol'],
    );
    const input = createRoom(alice, [leaving.person], 'x');
    await assert.rejects(input, { code: 'PERSON_DISABLED' });
  });

  test('the only owner cannot go while others are there', async () => {
    const answer = await alice.http('DELETE', '/api/me', { authKey: alice.person.authKey });
    assert.equal((answer.body as { code: string }).code, 'LAST_OWNER');
  });

  test('leaves no row without its parent, in any table', async () => {
    await server.stop();
    db = new DatabaseSync(path.join(dataDir, 'maru.db'), { readOnly: true });
    const references = referencesOf(db);
    assert.ok(references.length >= 12, 'foreign keys are declared and were found');
    for (const reference of references) {
      assert.deepEqual(orphansOf(db, reference), [], `${reference.table}(${reference.columns.join()})`);
    }
    assert.deepEqual(rowsOf(db, 'pragma foreign_key_check'), []);
  });

  test('leaves no answer behind, not even the one to its own deletion', () => {
    const kept = rowsOf(db, 'select key from idempotency_keys where owner = ?', leaving.userUid);
    assert.deepEqual(kept, []);
  });

  test('rooms that nobody is in any more are gone with everything of them', () => {
    for (const room of [alone, forgotten]) {
      assert.deepEqual(rowsOf(db, 'select * from rooms where uid = ?', room.roomUid), []);
    }
    assert.deepEqual(rowsOf(db, 'select id from rooms where id not in (select room_id from members)'), []);
  });

  test('is referred to only by what other people’s conversations need', () => {
    const id = Number(rowsOf(db, 'select id from users where uid = ?', leaving.userUid)[0]?.['id']);
    const referring = referencesOf(db)
      .filter((reference) => reference.parent === 'users')
      .filter(
        ({ table, columns }) => rowsOf(db, `select 1 from ${table} where ${columns[0]} = ?`, id).length > 0,
      )
      .map(({ table, columns }) => `${table}.${columns[0]}`);
    assert.deepEqual(referring.sort(), [
      'epochs.creator_id',
      'identities.user_id',
      'members.user_id',
      'memo_readers.user_id',
      'memos.sender_id',
      'messages.sender_id',
      'reactions.user_id',
    ]);
    assert.deepEqual(
      rowsOf(db, 'select rooms.uid from members join rooms on rooms.id = room_id where user_id = ?', id),
      [{ uid: direct.roomUid }].map((row) => Object.assign(Object.create(null), row)),
    );
  });

  test('leaves nothing personal in any column of any table', () => {
    const uidColumns = new Set<string>();
    for (const table of tablesOf(db)) {
      for (const row of rowsOf(db, `select * from ${table}`)) {
        for (const [column, value] of Object.entries(row)) {
          if (typeof value !== 'string') continue;
          const found = traces.filter((trace) => value.includes(trace));
          assert.deepEqual(found, [], `${table}.${column}`);
          if (value.includes(leaving.userUid)) uidColumns.add(`${table}.${column}`);
        }
      }
    }
    assert.deepEqual([...uidColumns].sort(), [
      'audit_log.actor_uid',
      'audit_log.subject',
      'epochs.record',
      'identities.statement',
      'messages.parts',
      'users.uid',
    ]);
    const [tombstone = {}] = rowsOf(db, 'select * from users where uid = ?', leaving.userUid);
    const kept = Object.entries(tombstone).filter(
      ([, value]) => value !== null && value !== '' && value !== 0,
    );
    assert.deepEqual(kept.map(([column]) => column).sort(), [
      'directory_rev',
      'id',
      'identity_version',
      'role',
      'state',
      'uid',
    ]);
  });
});

test('the last person may go, and the server can be set up anew', async () => {
  const server = await startTestServer();
  try {
    const alice = await server.connectAs('alice');
    const room = await createRoom(alice, [], '혼자');
    await alice.ask('message:send', messageFor(room));
    const { status } = await alice.http('DELETE', '/api/me', { authKey: alice.person.authKey });
    assert.equal(status, 200);
    const info = (await server.browser().request('GET', '/api/server')).body as { isSetUpNeeded: boolean };
    assert.equal(info.isSetUpNeeded, true);
    const next = await server
      .browser()
      .request('POST', '/api/register', registrationOf(createPerson('next')));
    assert.equal((next.body as SignedIn).me.role, 'owner');
  } finally {
    await server.stop();
  }
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createPerson, randomUid, registrationOf } from '../../testing/people.ts';
import type { TestPerson } from '../../testing/people.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { likePattern, searchWords } from '../search-words.ts';
import { chooseStatements } from './people-rules.ts';

test('every word of a query is looked for by itself, and wildcards are characters like any other', () => {
  assert.deepEqual(searchWords('  김민수   영업 '), ['김민수', '영업']);
  assert.deepEqual(searchWords(undefined), []);
  assert.equal(likePattern('100%_A!'), '%100!%!_a!!%');
});

test('identity versions are chosen by name, the newest without one', () => {
  const row = (version: number) => ({ userUid: 'u', version, statement: String(version), signature: '' });
  const rows = [row(1), row(3)];
  const chosen = (version?: number) =>
    chooseStatements([{ userUid: 'u', version }], rows).map((statement) => statement.version);
  assert.deepEqual([chosen(), chosen(1), chosen(2)], [[3], [1], []]);
  assert.deepEqual(chooseStatements([{ userUid: 'x' }], rows), []);
});

describe('the directory', () => {
  let server: TestServer;
  let bob: TestClient;
  let minsu: TestPerson;
  before(async () => {
    server = await startTestServer();
    bob = await server.connectAs('bob');
    minsu = createPerson('minsu');
    const profile = { displayName: '김민수', department: '영업 1팀', title: 'Manager' };
    const registration = { ...registrationOf(minsu), ...profile };
    await server.browser().request('POST', '/api/register', registration);
  });
  after(() => server.stop());

  const names = async (query: string) =>
    (await bob.ask('people:list', { query })).people.map((person) => person.username);

  test('is sorted by user name and read a page at a time', async () => {
    const first = await bob.ask('people:list', { limit: 2 });
    assert.deepEqual(
      first.people.map((person) => person.username),
      ['alice', 'bob'],
    );
    assert.equal(first.hasMore, true);
    const rest = await bob.ask('people:list', { limit: 2, after: 'bob' });
    assert.deepEqual(
      rest.people.map((person) => person.username),
      ['minsu'],
    );
    assert.equal(rest.hasMore, false);
  });

  test('finds by parts of name, department and title in any order', async () => {
    assert.deepEqual(await names('민수'), ['minsu']);
    assert.deepEqual(await names('영업 김'), ['minsu']);
    assert.deepEqual(await names('MANAGER'), ['minsu']);
    assert.deepEqual(await names('영업 bob'), []);
    assert.deepEqual(await names('%'), []);
  });

  test('shows nothing that is not for colleagues', async () => {
    const { people } = await bob.ask('people:get', { userUids: [minsu.userUid, randomUid()] });
    assert.equal(people.length, 1);
    assert.deepEqual(Object.keys(people[0] ?? {}).sort(), [
      'department',
      'displayName',
      'identityVersion',
      'rev',
      'state',
      'statusText',
      'title',
      'userUid',
      'username',
    ]);
    assert.deepEqual(await bob.ask('people:get', { userUids: [] }), { people: [] });
  });

  test('gives published identity statements verbatim', async () => {
    const { statements } = await bob.ask('identity:get', {
      people: [{ userUid: minsu.userUid }, { userUid: minsu.userUid, version: 2 }, { userUid: randomUid() }],
    });
    assert.deepEqual(statements, [
      {
        userUid: minsu.userUid,
        version: 1,
        statement: minsu.statement,
        signature: minsu.statementSignature,
      },
    ]);
  });

  test('is for people who signed in', async () => {
    const answer = await server.browser().request('GET', '/api/people');
    assert.equal(answer.status, 401);
  });
});

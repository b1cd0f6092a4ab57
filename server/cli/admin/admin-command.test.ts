import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { configWith } from '../../config.ts';
import { originsOf } from '../../host-settings.ts';
import { loadServerSecret } from '../../server-secret.ts';
import { openOffline } from '../../start-offline.ts';
import { createPerson, registrationOf } from '../../testing/people.ts';
import { createRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import type { Language } from '../language.ts';
import { adminCommandNames, runAdminCommand } from './admin-command.ts';
import { adminOptions } from './admin-arguments.ts';
import { adminHelp } from './admin-help.ts';
import { table } from './admin-table.ts';
import { createJsonLines } from './json-lines.ts';
import { callServer } from './line-client.ts';
import { linePlace, proofOf } from './line-place.ts';
import { listenForAdmin } from './line-server.ts';
import type { LineServer } from './line-server.ts';
import { openLine } from './open-line.ts';

const { platform } = process;
const secretOf = (dataDir: string): Uint8Array =>
  loadServerSecret({ dataDir, hasDatabase: true, randomBytes: () => new Uint8Array() });

type Outcome = { exitCode: number; printed: string; told: string };
type Run = { language?: Language; answer?: string };

/** `admin …` as somebody at a terminal meets it. `answer`: what they type when asked; left out: nobody is there. */
async function run(dataDir: string, line: string, { language = 'en', answer }: Run = {}): Promise<Outcome> {
  const printed: string[] = [];
  const told: string[] = [];
  const config = configWith(dataDir);
  const openData = () => openOffline({ config, version: '0.0.0', origins: originsOf(config) });
  const exitCode = await runAdminCommand({
    argv: line.split(' '),
    language,
    terminal: {
      print: (text) => void printed.push(text),
      tell: (text) => void told.push(text),
      question: answer === undefined ? null : () => Promise.resolve(answer),
    },
    open: () => openLine({ config }, platform, openData),
  });
  return { exitCode, printed: printed.join('\n'), told: told.join('\n') };
}

const jsonOf = ({ printed }: Outcome) => JSON.parse(printed) as { ok: boolean; code?: string; value: never };

describe('beside a running server', () => {
  let server: TestServer;
  let line: LineServer;
  let alice: TestClient;
  let bob: TestClient;
  const admin = (words: string, options?: Run): Promise<Outcome> => run(server.dataDir, words, options);
  before(async () => {
    server = await startTestServer();
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    line = await listenForAdmin({
      dataDir: server.dataDir,
      platform,
      secret: secretOf(server.dataDir),
      ask: (name, input) => server.server.askAsHost(name, input, 'cli'),
    });
  });
  after(async () => {
    await line.close();
    await server.stop();
  });

  test('disables at once after a yes, and the log says that it came from the terminal', async () => {
    const gone = bob.disconnected();
    const refused = await admin('disable bob');
    assert.equal(refused.exitCode, 3);
    assert.match(refused.told, /--yes/);
    assert.equal((await admin('disable bob', { answer: 'n' })).exitCode, 3);
    assert.equal((await bob.call('account:me', {})).ok, true);
    const done = await admin('disable BOB', { answer: '네', language: 'ko' });
    assert.equal(done.exitCode, 0);
    assert.match(done.printed, /이밥 \(@bob\)/);
    await gone;
    const [entry] = (await alice.ask('admin:audit', { limit: 1 })).entries;
    assert.deepEqual([entry?.actorUid, entry?.action], ['cli', 'account-disabled']);
    assert.match((await admin('enable bob')).printed, /is enabled/);
    assert.match((await admin('enable bob')).printed, /in use already/);
  });

  test('approves with rooms by name, declines, and names people and rooms that are not there', async () => {
    const room = await createRoom(alice, [], '품질');
    assert.equal((await admin('sign-up approval')).exitCode, 0);
    const [nora, olga] = ['nora', 'olga'].map(createPerson);
    assert.ok(nora !== undefined && olga !== undefined);
    for (const person of [nora, olga]) {
      await server.browser().request('POST', '/api/register', registrationOf(person));
    }
    const { printed } = await admin('people --state pending');
    assert.match(printed, /@nora .*waiting/);
    assert.equal((await admin('approve nora --room 없음')).exitCode, 2);
    assert.equal((await admin('approve nobody')).exitCode, 2);
    assert.equal((await admin('approve nora --room 품질')).exitCode, 0);
    const asked = await alice.next('room:request-changed', ({ userUid }) => userUid === nora.userUid);
    assert.deepEqual([asked.roomUid, asked.origin], [room.roomUid, 'approved']);
    assert.equal((await admin('decline olga --yes')).exitCode, 0);
    assert.equal((await admin('decline nora --yes')).exitCode, 1);
    assert.equal((await admin('sign-up open')).exitCode, 0);
  });

  test('what the server refuses has its code, as words and as JSON', async () => {
    const refused = await admin('disable alice --yes', { language: 'ko' });
    assert.equal(refused.exitCode, 1);
    assert.match(refused.told, /LAST_OWNER.*마지막 소유자/);
    const asJson = await admin('role alice member --yes --json');
    assert.equal(asJson.exitCode, 1);
    assert.equal(jsonOf(asJson).code, 'LAST_OWNER');
    const people = jsonOf(await admin('people alice --json'));
    assert.equal((people.value as { people: { username: string }[] }).people[0]?.username, 'alice');
  });

  test('an invitation’s code lets somebody in until it is taken back', async () => {
    await admin('sign-up invitation');
    const made = jsonOf(await admin('invite --uses 2 --note QA --json'));
    const { code, invitation } = made.value as { code: string; invitation: { invitationUid: string } };
    const join = async (name: string) => {
      const wish = { ...registrationOf(createPerson(name)), invitationCode: code };
      return (await server.browser().request('POST', '/api/register', wish)).status;
    };
    assert.equal(await join('pete'), 200);
    assert.match((await admin('invitations')).printed, /open +1\/2 .*QA/);
    assert.equal((await admin(`invitations revoke ${invitation.invitationUid} --yes`)).exitCode, 0);
    assert.equal(await join('quin'), 403);
    await admin('sign-up open');
  });

  test('roles, policies and settings', async () => {
    assert.equal((await admin('role bob admin --yes')).exitCode, 0);
    assert.match((await admin('people --role admin')).printed, /@bob/);
    assert.equal((await admin('role bob member --yes')).exitCode, 0);
    assert.equal((await admin('policies recallHours 12')).exitCode, 0);
    assert.equal((await alice.ask('admin:policies', {})).policies.recallHours, 12);
    assert.equal((await admin('policies recallHours soon')).exitCode, 2);
    assert.equal((await admin('settings sessionTimeoutHours 24')).exitCode, 0);
    assert.equal((await admin('settings sessionTimeoutHours')).printed, '24');
    assert.equal((await admin('settings sessionTimeoutHours -1')).exitCode, 1);
    assert.equal((await admin('settings sessionTimeoutHours default')).exitCode, 0);
    assert.equal((await admin('settings sessionTimeoutHours')).printed, '72');
    assert.match((await admin('online')).printed, /@alice/);
    assert.equal((await admin('audit check')).exitCode, 0);
    assert.match((await admin('audit --about alice --limit 5')).printed, /owner-registered/);
  });

  test('the audit log goes into a file that is not there yet', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'maru-audit-'));
    try {
      const csv = path.join(folder, 'log.csv');
      assert.match((await admin(`audit export ${csv}`)).printed, /[1-9][0-9]* entries/);
      assert.match(readFileSync(csv, 'utf8'), /^\ufeff"id",.*owner-registered/s);
      const again = await admin(`audit export ${csv}`);
      assert.deepEqual([again.exitCode, again.printed], [2, '']);
      const json = path.join(folder, 'log.json');
      const made = jsonOf(await admin(`audit export ${json} --json`));
      const { entries, head } = JSON.parse(readFileSync(json, 'utf8')) as {
        entries: { hash: string }[];
        head: string;
      };
      assert.deepEqual(made.value, { file: json, entries: entries.length });
      assert.equal(entries.at(-1)?.hash, head);
      const early = path.join(folder, 'early.json');
      await admin(`audit export ${early} --to 2000-01-01`);
      assert.deepEqual(JSON.parse(readFileSync(early, 'utf8')).entries, []);
      for (const wrong of ['log.txt', 'x.csv --from yesterday', '']) {
        assert.equal((await admin(`audit export ${wrong}`.trim())).exitCode, 2, wrong);
      }
      assert.equal((await admin(`audit export ${path.join(folder, 'none', 'x.csv')}`)).exitCode, 2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a reset code is told with what it would cost, and made after a yes', async () => {
    const asked = await admin('reset-code bob --device-lost');
    assert.equal(asked.exitCode, 3);
    assert.match(asked.told, /0 rooms can be healed/);
    const made = jsonOf(await admin('reset-code bob --yes --json'));
    assert.match((made.value as { code: string }).code, /^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/);
  });

  test('only who can read the folder’s secret is answered, and asks nobody else', async () => {
    const strange = { dataDir: server.dataDir, platform, secret: new Uint8Array(64) };
    assert.equal(await callServer(strange), null);
    if (platform !== 'win32') {
      assert.equal(statSync(linePlace(server.dataDir, platform)).mode & 0o777, 0o600);
    }
    // a proof of the server is none of the client's: it cannot be sent back
    const socket = connect(linePlace(server.dataDir, platform));
    const lines = createJsonLines(socket);
    lines.send({ hello: 'x' });
    const hello = await lines.next();
    lines.send({ proof: hello?.['proof'] });
    assert.equal(await lines.next(), null);
  });

  test('a command line that cannot be understood says what may have been meant', async () => {
    for (const [words, meant] of [
      ['disabel bob', 'disable'],
      ['people --stat pending', '--state'],
      ['role bob king', 'owner, admin, member'],
      ['invite --uses many', 'many'],
      ['approve', '<user>'],
      ['invite --note', '--note'],
    ] as const) {
      const { exitCode, told, printed } = await admin(words);
      assert.deepEqual([exitCode, printed], [2, ''], words);
      assert.ok(told.includes(meant), `${words}: ${told}`);
    }
  });
});

describe('with the server stopped', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'maru-offline-'));
  before(async () => {
    const server = await startTestServer({ dataDir: folder });
    const alice = await server.connectAs('alice');
    const bob = await server.connectAs('bob');
    const carol = await server.connectAs('carol');
    await createRoom(bob, [carol.person, alice.person], '기획');
    await server.stop();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('the same is done in the data, and counts when the server starts', async () => {
    assert.match((await run(folder, 'overview', { language: 'ko' })).printed, /실행 중이 아닙니다/);
    assert.equal((await run(folder, 'online')).exitCode, 2);
    assert.equal((await run(folder, 'disable bob --yes')).exitCode, 0);
    assert.equal((await run(folder, 'sign-up closed')).exitCode, 0);
    assert.match((await run(folder, 'people --state disabled')).printed, /@bob/);
    assert.match((await run(folder, 'audit')).printed, /cli +account-disabled/);

    const server = await startTestServer({ dataDir: folder });
    try {
      const { signUp } = (await server.browser().request('GET', '/api/server')).body as { signUp: string };
      assert.equal(signUp, 'closed');
    } finally {
      await server.stop();
    }
    assert.match((await run(folder, 'enable bob')).printed, /1 former rooms/);
    assert.equal((await run(folder, 'audit check')).exitCode, 0);
    const file = path.join(folder, 'audit.json');
    assert.equal((await run(folder, `audit export ${file}`)).exitCode, 0);
    assert.match(readFileSync(file, 'utf8'), /"account-enabled"/);
  });

  test('a folder that a server holds which does not answer is refused, and so is one without data', async () => {
    const server = await startTestServer({ dataDir: folder });
    try {
      await assert.rejects(run(folder, 'people'), { code: 'DATA_DIR_IN_USE' });
    } finally {
      await server.stop();
    }
    const empty = await run(path.join(folder, 'nothing'), 'people');
    assert.equal(empty.exitCode, 2);
    assert.match(empty.told, /nothing/);
  });
});

test('help is there for whoever asks for it in any usual way', async () => {
  for (const line of ['help', '--help', '-h', 'disable --help']) {
    const { exitCode, printed } = await run('/nowhere', line);
    assert.deepEqual({ exitCode, printed }, { exitCode: 0, printed: adminHelp('en') }, line);
  }
});

test('the help names every command and option in both languages', () => {
  for (const language of ['ko', 'en'] as const) {
    const help = adminHelp(language);
    const missing = [...adminCommandNames, ...adminOptions].filter((name) => !help.includes(name));
    assert.deepEqual(missing, []);
  }
});

test('columns line up in Korean, and nothing in a name moves the cursor', () => {
  assert.equal(
    table([
      ['김철수', 'a'],
      ['ab', 'b'],
    ]),
    '김철수  a\nab      b',
  );
  assert.ok(!table([['\u001b[2J']]).includes('\u001b'));
});

test('a data folder with a long path has its line elsewhere, and each side proves something else', () => {
  const long = path.join('/', 'd'.repeat(120));
  assert.ok(linePlace(long, 'linux').length <= 100);
  assert.match(linePlace(long, 'win32'), /^\\\\\.\\pipe\\maru-[0-9a-f]{32}$/);
  const nonces = { client: 'a', server: 'b' };
  const secret = new Uint8Array(64);
  assert.notEqual(proofOf(secret, 'client', nonces), proofOf(secret, 'server', nonces));
});

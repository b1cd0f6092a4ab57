import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { formatLogLine } from './log-line.ts';
import { logger, openLog } from './logger.ts';

const root = mkdtempSync(path.join(tmpdir(), 'maru-log-'));
after(() => rmSync(root, { recursive: true, force: true }));

const folder = (name: string): string => path.join(root, name);

function terminal() {
  const lines: string[] = [];
  return { lines, write: (text: string) => lines.push(text) };
}

const linesOf = (directory: string): Record<string, unknown>[] =>
  readdirSync(directory)
    .flatMap((name) => readFileSync(path.join(directory, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => ({ ...JSON.parse(line) }));

test('a logger writes nothing and breaks nothing before the log is open', () => {
  logger('rooms').error('too early');
});

test('the file has JSON with area, level and fields; the terminal has short lines', async () => {
  const screen = terminal();
  const log = await openLog({ directory: folder('both'), level: 'info', terminal: screen });
  logger('rooms', { requestId: 'r1' }).warn('slow room', { members: 900 });
  logger('rooms').debug('below the level');
  await log.close();
  const [line, ...others] = linesOf(folder('both'));
  assert.equal(others.length, 0);
  assert.deepEqual(
    { ...line, time: '' },
    { level: 'warn', time: '', area: 'rooms', requestId: 'r1', members: 900, msg: 'slow room' },
  );
  assert.match(screen.lines.join(''), /^\d\d:\d\d:\d\d warn {2}rooms: slow room requestId=r1 members=900\n$/);
});

test('secrets are redacted wherever a careless line puts them', async () => {
  const log = await openLog({ directory: folder('secrets'), level: 'info', terminal: null });
  logger('accounts').info('careless', {
    authKey: 'hidden-1',
    body: { password: 'hidden-2', token: 'hidden-3' },
    headers: { cookie: 'hidden-4', authorization: 'hidden-5', 'set-cookie': 'hidden-6' },
  });
  await log.close();
  const text = JSON.stringify(linesOf(folder('secrets')));
  assert.ok(!text.includes('hidden-'), text);
  assert.ok(text.includes('[redacted]'));
});

test('an error is written with its stack', async () => {
  const screen = terminal();
  const log = await openLog({ directory: folder('errors'), level: 'info', terminal: screen });
  logger('gateway').error('bug', { error: new Error('broken') });
  await log.close();
  assert.match(JSON.stringify(linesOf(folder('errors'))), /Error: broken\\n/);
  assert.match(screen.lines.join(''), /error="Error: broken\\n/);
});

test('files roll at the size and at most five stay', async () => {
  const directory = folder('rolling');
  const log = await openLog({ directory, level: 'info', terminal: null, sizeBytes: 2000 });
  const count = (): number => (existsSync(directory) ? readdirSync(directory).length : 0);
  const newest = (): number => Math.max(0, ...readdirSync(directory).map(number));
  for (let roll = 2; roll < 10; roll += 1) {
    for (let line = 0; line < 5; line += 1) logger('rooms').info('x'.repeat(500));
    while (newest() < roll) await new Promise(setImmediate);
  }
  await log.close();
  assert.ok(count() <= 5, `${count()} files: ${readdirSync(directory).join()}`);
  assert.ok(count() >= 4);
  for (const name of readdirSync(directory)) assert.ok(statSync(path.join(directory, name)).size < 10_000);
});

const number = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);

test('a log folder that cannot be made leaves the terminal working', async () => {
  writeFileSync(folder('not-a-folder'), '');
  const screen = terminal();
  const states: string[] = [];
  const log = await openLog({
    directory: path.join(folder('not-a-folder'), 'logs'),
    level: 'info',
    terminal: screen,
    onFileState: (state) => states.push(state),
  });
  logger('rooms').info('still here');
  await log.close();
  assert.deepEqual(states, ['failing']);
  assert.match(screen.lines.join(''), /cannot write the log file[^]*still here/);
});

test(
  'a full disk is reported once, does not throw, and the server can still stop',
  { skip: !existsSync('/dev/full') },
  async () => {
    // the first rolled file of a folder is maru.1.log: a link makes it the device that is always full
    const directory = folder('full');
    mkdirSync(directory);
    symlinkSync('/dev/full', path.join(directory, 'maru.1.log'));
    const events = new EventEmitter();
    const states: string[] = [];
    const onFileState = (state: string): void => {
      states.push(state);
      events.emit(state);
    };
    const log = await openLog({ directory, level: 'info', terminal: null, onFileState });
    const failed = once(events, 'failing');
    logger('rooms').info('first');
    await failed;
    for (let line = 0; line < 50; line += 1) logger('rooms').info('more');
    await log.close();
    assert.deepEqual(states, ['failing']);
  },
);

test('a line cannot steer the terminal', () => {
  const line = JSON.stringify({
    time: 0,
    level: 'info',
    area: 'a',
    msg: 'm\u001b[2J',
    name: 'x\u001b]0;t\u0007',
  });
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  assert.doesNotMatch(formatLogLine(line, false).trimEnd(), /[\u0000-\u001f\u007f]/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StartupCode, StartupFacts } from './startup-error.ts';
import { startupMessage } from './startup-messages.ts';

const path = '/srv/maru';

/** One set of facts per failure, with what the sentence or its advice has to name. */
const examples: Record<StartupCode, [facts: StartupFacts, named: string[]]> = {
  PORT_TAKEN: [
    { port: 5000, program: 'AirPlay', pid: 77, freePort: 5001 },
    ['5000', 'AirPlay', '77', '--port 5001'],
  ],
  PORT_NOT_ALLOWED: [{ port: 80 }, ['80']],
  HOST_NOT_HERE: [{ host: '10.9.9.9' }, ['10.9.9.9', '--host']],
  DATA_DIR_IN_USE: [{ path, pid: 31 }, [path, '31', '--data-dir']],
  DATA_DIR_NOT_WRITABLE: [{ path, reason: 'EROFS' }, [path, 'EROFS', '--data-dir']],
  DATA_DIR_ON_NETWORK: [{ path, reason: 'nfs4' }, [path, 'nfs4', '--data-dir']],
  DATA_DIR_SYNCED: [{ path, program: 'OneDrive' }, [path, 'OneDrive', '--data-dir']],
  DISK_FULL: [{ path, neededBytes: 33_554_432 }, [path, '32 MB']],
  BACKUP_NOT_FOUND: [{ path }, [path, 'backups']],
  BACKUP_DAMAGED: [{ path, reason: 'torn' }, [path, 'torn']],
  BACKUP_EXISTS: [{ path }, [path]],
  DATABASE_CORRUPT: [{ path, reason: 'not a database' }, [path, 'not a database', '--start-empty']],
  DATABASE_FROM_FUTURE: [{ path, version: '9.1.0' }, [path, '9.1.0']],
  MIGRATION_FAILED: [
    { path, migration: '0002-x', reason: 'why', backup: '/b.db' },
    ['0002-x', 'why', '/b.db'],
  ],
  SECRET_UNREADABLE: [{ path, reason: 'EACCES' }, [path, 'EACCES']],
  SECRET_MISSING: [{ path }, [path]],
  WRONG_NODE: [{ version: '20.1.0', expected: '22.18.0' }, ['20.1.0', '22.18.0', 'npm start']],
  SQLITE_TOO_OLD: [{ version: '3.49.0', expected: '3.51.3' }, ['3.49.0', '3.51.3']],
  CONFIG_INVALID: [
    { key: '--prot', origin: 'argument', problem: 'unknown', suggestion: '--port' },
    ['--prot', '--port'],
  ],
  FEATURE_NOT_AVAILABLE: [
    { feature: 'OIDC', key: 'FEATURE_OIDC_ENABLED', origin: 'environment' },
    ['OIDC', 'FEATURE_OIDC_ENABLED'],
  ],
  BUNDLE_MISSING: [{ path }, [path, 'npm run bundle']],
};

for (const [code, [facts, named]] of Object.entries(examples)) {
  test(`${code} says what happened and what to do, in both languages and with its facts`, () => {
    // Object.entries forgets that the keys are the closed set of codes
    const messages = (['ko', 'en'] as const).map((language) =>
      startupMessage(code as StartupCode, facts, language),
    );
    for (const { sentence, advice } of messages) {
      const text = `${sentence} ${advice}`;
      for (const part of named) assert.ok(text.includes(part), `${part} in: ${text}`);
      assert.doesNotMatch(text, /undefined|null|\?\)|NaN|\[object/);
      assert.ok(sentence.length > 10 && advice.length > 10);
    }
    assert.match(messages[0]?.sentence ?? '', /[가-힣]/);
    assert.doesNotMatch(messages[1]?.sentence ?? '', /[가-힣]/);
  });
}

test('a value that is not possible is repeated with where it was set and what is expected', () => {
  const facts = {
    key: 'port',
    origin: 'file',
    path: '/srv/maru/config.json',
    problem: 'value-wrong',
    value: '"many"',
    expected: 'number',
    minimum: 0,
    maximum: 65_535,
  };
  const { sentence, advice } = startupMessage('CONFIG_INVALID', facts, 'en');
  assert.equal(sentence, 'port in /srv/maru/config.json: "many" is not a possible value.');
  assert.equal(advice, 'Expected: a whole number from 0 to 65535.');
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertNodeVersion, assertSqliteVersion, openReader, openWriter } from './open-sqlite.ts';
import { createStatementCache } from './statement-cache.ts';
import { createTestFolder } from './testing/test-database.ts';

describe('opening SQLite', () => {
  it('refuses a Node that the driver would crash', () => {
    for (const version of ['18.20.0', '20.19.5', '22.9.0', '22.17.9']) {
      assert.throws(() => assertNodeVersion(version), { code: 'WRONG_NODE' }, version);
    }
    for (const version of ['22.18.0', '24.1.0', '100.0.0']) assertNodeVersion(version);
  });

  it('refuses a SQLite that can corrupt its log', () => {
    for (const version of ['3.7.0', '3.9.2', '3.51.2']) {
      assert.throws(() => assertSqliteVersion(version), { code: 'SQLITE_TOO_OLD' }, version);
    }
    for (const version of ['3.51.3', '3.54.1', '3.100.0', '4.0.0']) assertSqliteVersion(version);
  });

  it('gives the writer what durability rests on', async (t) => {
    const { sqlite } = await openWriter(join(createTestFolder(t), 'maru.db'));
    t.after(() => sqlite.close());
    const expected = {
      journal_mode: 'wal',
      synchronous: 1,
      foreign_keys: 1,
      wal_autocheckpoint: 0,
      mmap_size: 0,
      busy_timeout: 2000,
    };
    for (const [name, value] of Object.entries(expected))
      assert.equal(sqlite.pragma(name, { simple: true }), value, name);
  });

  it('gives readers a connection that cannot write', async (t) => {
    const path = join(createTestFolder(t), 'maru.db');
    const writer = await openWriter(path);
    const reader = await openReader(path);
    t.after(() => {
      reader.sqlite.close();
      writer.sqlite.close();
    });
    assert.throws(() => reader.sqlite.exec('create table t (a)'), { code: 'SQLITE_READONLY' });
  });
});

describe('the statement cache', () => {
  it('prepares a text once, and forgets the one that was not used for longest', () => {
    const prepared: string[] = [];
    const prepare = createStatementCache((text) => {
      prepared.push(text);
      return { text };
    }, 2);
    const first = prepare('a');
    prepare('b');
    assert.equal(prepare('a'), first);
    prepare('c');
    assert.equal(prepare('a'), first);
    prepare('b');
    assert.deepEqual(prepared, ['a', 'b', 'c', 'b']);
  });
});

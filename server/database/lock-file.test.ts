import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { lockFolder } from './lock-file.ts';
import { createTestFolder } from './testing/test-database.ts';

const now = 0;

/** Another program that tries to take the folder's lock and says `held` or the refusal's code; it then waits to be ended. */
function startOther(t: TestContext, folder: string): { child: ChildProcess; outcome: Promise<string> } {
  const program = `
    const { lockFolder } = await import(process.argv[1]);
    const outcome = await lockFolder(process.argv[2], 0).then(() => 'held', (error) => error.code);
    console.log(outcome);
    setInterval(() => undefined, 1000);`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, new URL('./lock-file.ts', import.meta.url).href, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(() => child.kill('SIGKILL'));
  const outcome = once(child.stdout, 'data').then(([text]) => String(text).trim());
  return { child, outcome };
}

describe('the data folder’s lock', () => {
  it('keeps a second server out and says who holds it', async (t) => {
    const folder = createTestFolder(t);
    const lock = await lockFolder(folder, now);
    t.after(() => lock.release());
    await assert.rejects(lockFolder(folder, now), {
      code: 'DATA_DIR_IN_USE',
      facts: { path: folder, pid: process.pid },
    });
    assert.equal(await startOther(t, folder).outcome, 'DATA_DIR_IN_USE');
  });

  it('can be taken again after it was released', async (t) => {
    const folder = createTestFolder(t);
    (await lockFolder(folder, now)).release();
    (await lockFolder(folder, now)).release();
  });

  it('is gone when its holder was killed', async (t) => {
    const folder = createTestFolder(t);
    const { child, outcome } = startOther(t, folder);
    assert.equal(await outcome, 'held');
    await assert.rejects(lockFolder(folder, now), {
      code: 'DATA_DIR_IN_USE',
      facts: { path: folder, pid: child.pid },
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    (await lockFolder(folder, now)).release();
  });

  it('does not believe a process id that was given out again', async (t) => {
    const folder = createTestFolder(t);
    writeFileSync(join(folder, 'maru.pid'), `${process.pid}\n`);
    (await lockFolder(folder, now)).release();
  });

  it('goes to exactly one of several that start at one moment', async (t) => {
    const folder = createTestFolder(t);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => startOther(t, folder).outcome));
    assert.deepEqual(outcomes.toSorted(), ['DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'held']);
  });
});

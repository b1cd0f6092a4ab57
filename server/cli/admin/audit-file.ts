/** `admin audit export <file>`: the audit log as CSV or JSON, a page at a time, so that its length does not matter. */
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { AdminOutput } from '#contract/admin.ts';
import type { AuditChainEntry } from '#contract/audit-export.ts';
import { auditFile } from '../../features/audit/audit-export.ts';
import type { AuditFormat, Period } from '../../features/audit/audit-export.ts';
import { UsageError } from './admin-arguments.ts';
import type { Command, Context } from './admin-context.ts';
import { NotThereError, valueOf, wordAt } from './admin-context.ts';

const formatOf = (file: string): AuditFormat => {
  const ending = path.extname(file).toLowerCase();
  if (ending !== '.csv' && ending !== '.json') throw new UsageError('value-wrong', `${file} (.csv, .json)`);
  return ending === '.csv' ? 'csv' : 'json';
};

/** Midnight of a day in this machine's time zone, so many days later. */
function dayStart(text: string | undefined, daysLater: number): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) throw new UsageError('value-wrong', `${text} (YYYY-MM-DD)`);
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + daysLater).getTime();
}

/** A file that is not there yet: an older export is never written over. */
async function createFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx');
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new NotThereError(isThere ? 'fileThere' : 'fileRefused', file);
  }
}

export const exportAudit: Command = async (context) => {
  const { say } = context;
  const file = path.resolve(wordAt(context, 2, '<file.csv|file.json>'));
  const format = formatOf(file);
  const period = { from: dayStart(valueOf(context, 'from'), 0), to: dayStart(valueOf(context, 'to'), 1) };
  const handle = await createFile(file);
  const read = { entries: 0, head: null };
  try {
    const pages = readPages(context, period, read);
    for await (const piece of auditFile(format, pages, { period, head: () => read.head })) {
      await handle.appendFile(piece);
    }
    await handle.close();
  } catch (error) {
    // half a log looks like a whole one
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
  return { value: { file, entries: read.entries }, text: say('auditWritten', read.entries, file) };
};

async function* readPages(
  { ask }: Context,
  { from, to }: Period,
  read: { entries: number; head: string | null },
): AsyncGenerator<AuditChainEntry[]> {
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  let after: number | null = 0;
  while (after !== null) {
    const page: AdminOutput<'admin:audit-chain'> = await ask('admin:audit-chain', { after, ...period });
    read.entries += page.entries.length;
    read.head = page.head;
    if (page.entries.length > 0) yield page.entries;
    after = page.next;
  }
}

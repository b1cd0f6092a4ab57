/** The audit log as a file, made while it is sent: a piece of it is in memory at a time. */
import type { AuditChainEntry } from '#contract/audit-export.ts';
import { byteOrderMark, csvLine } from './audit-csv.ts';

export type AuditFormat = 'csv' | 'json';
export type Period = { from: number | undefined; to: number | undefined };

export const auditContentTypes = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const satisfies Record<AuditFormat, string>;

const header = [
  'id',
  'time',
  'at',
  'actor',
  'actor_uid',
  'action',
  'subject',
  'subject_uid',
  'details',
  'previous_hash',
  'hash',
];

const cellsOf = (entry: AuditChainEntry): string[] => [
  String(entry.id),
  new Date(entry.at).toISOString(),
  String(entry.at),
  entry.actor,
  entry.actorUid,
  entry.action,
  entry.subjectName,
  entry.subject,
  entry.details,
  entry.previousHash,
  entry.hash,
];

async function* csvOf(pages: AsyncIterable<AuditChainEntry[]>): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(header);
  for await (const page of pages) yield page.map((entry) => csvLine(cellsOf(entry))).join('');
}

/** `{ "format": "maru-audit-1", "from", "to", "entries": [ … ], "head" }`; `head` is the newest hash of the whole log. */
async function* jsonOf(
  pages: AsyncIterable<AuditChainEntry[]>,
  { from, to }: Period,
  head: () => string | null,
): AsyncGenerator<string> {
  const period = `"from":${JSON.stringify(from ?? null)},"to":${JSON.stringify(to ?? null)}`;
  yield `{"format":"maru-audit-1",${period},"entries":[`;
  let isFirst = true;
  for await (const page of pages) {
    const texts = page.map((entry) => JSON.stringify({ time: new Date(entry.at).toISOString(), ...entry }));
    yield (isFirst ? '\n' : ',\n') + texts.join(',\n');
    isFirst = false;
  }
  yield `\n],"head":${JSON.stringify(head())}}\n`;
}

/** The pieces of the file. `head` is asked for once all pages are read. */
export const auditFile = (
  format: AuditFormat,
  pages: AsyncIterable<AuditChainEntry[]>,
  { period, head }: { period: Period; head: () => string | null },
): AsyncGenerator<string> => (format === 'csv' ? csvOf(pages) : jsonOf(pages, period, head));

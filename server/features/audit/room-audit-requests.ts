/** A room's audit log, for its owner and admins: pages to read, and the whole of it to take away. */
import type { RoomAuditEntry } from '#contract/room-administration.ts';
import { limits } from '#contract/limits.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase, Read } from '../feature-types.ts';
import { administeredRoom } from '../rooms/room-access.ts';
import { byteOrderMark, csvLine } from './audit-csv.ts';
import { entriesBetween, newestEntries, usernamesOf } from './room-audit-store.ts';

/** Entries in memory at once while a log is being sent. */
const piece = 500;

type NamedEntry = RoomAuditEntry & { actor: string; subjectName: string };

export const createRoomAuditRequests = ({
  database: { read },
}: {
  database: Pick<FeatureDatabase, 'read'>;
}): Pick<RequestHandlers, 'room:audit' | 'room:export-audit'> => ({
  async 'room:audit'({ caller }, { roomUid, before, limit = limits.auditPageSize }) {
    await administeredRoom(read, caller.userId, roomUid);
    const entries = await newestEntries(read, roomUid, { before, limit: limit + 1 });
    return { entries: entries.slice(0, limit), hasMore: entries.length > limit };
  },

  async 'room:export-audit'({ caller }, { roomUid, format = 'json' }) {
    await administeredRoom(read, caller.userId, roomUid);
    const [newest] = await newestEntries(read, roomUid, { before: undefined, limit: 1 });
    // what is added from now on may not be on the disk yet
    const pages = readPages(read, roomUid, newest?.id ?? 0);
    return format === 'csv'
      ? {
          contentType: 'text/csv; charset=utf-8',
          fileName: `room-audit-${roomUid}.csv`,
          chunks: csvOf(pages),
        }
      : { contentType: 'application/json; charset=utf-8', chunks: jsonOf(pages) };
  },
});

async function* readPages(db: Read, roomUid: string, upTo: number): AsyncGenerator<NamedEntry[]> {
  let after = 0;
  for (;;) {
    const entries = await entriesBetween(db, roomUid, { after, upTo, limit: piece });
    const names = await usernamesOf(db, [
      ...new Set(entries.flatMap((entry) => [entry.actorUid, entry.subject])),
    ]);
    const nameOf = (uid: string): string => names.get(uid) ?? '';
    if (entries.length > 0) {
      yield entries.map((entry) => ({
        ...entry,
        actor: nameOf(entry.actorUid),
        subjectName: nameOf(entry.subject),
      }));
    }
    if (entries.length < piece) return;
    after = entries.at(-1)?.id ?? upTo;
  }
}

const header = ['id', 'time', 'actor', 'actor_uid', 'action', 'subject', 'subject_uid', 'details'];

async function* csvOf(pages: AsyncIterable<NamedEntry[]>): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(header);
  for await (const page of pages) yield page.map((entry) => csvLine(cellsOf(entry))).join('');
}

const cellsOf = (entry: NamedEntry): string[] => [
  String(entry.id),
  new Date(entry.at).toISOString(),
  entry.actor,
  entry.actorUid,
  entry.action,
  entry.subjectName,
  entry.subject,
  Object.entries(entry.details)
    .map(([name, value]) => `${name}=${value}`)
    .join('; '),
];

/** `{ "entries": [ … ] }`, put together while it is sent. */
async function* jsonOf(pages: AsyncIterable<NamedEntry[]>): AsyncGenerator<string> {
  yield '{"entries":[';
  let isFirst = true;
  for await (const page of pages) {
    const texts = page.map(({ id, at, actor, actorUid, action, subject, subjectName, details }) =>
      JSON.stringify({
        id,
        time: new Date(at).toISOString(),
        actor,
        actor_uid: actorUid,
        action,
        subject: subjectName,
        subject_uid: subject,
        details,
      }),
    );
    yield (isFirst ? '' : ',') + texts.join(',');
    isFirst = false;
  }
  yield ']}';
}

/** A busy room of which everybody reads every message: what telling it costs does not grow with the readers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openRealtimeClient } from '../load/realtime-client.ts';
import type { RealtimeClient } from '../load/realtime-client.ts';
import { createBodyMaker } from '../load/sealed-body.ts';
import { startProduct } from '../product/product-server.ts';
import type { Product } from '../product/product-server.ts';
import { ticketOf } from '../product/ticket.ts';
import { verdictOf } from '../row.ts';
import type { Row } from '../row.ts';

const people = 100;
const fewReaders = 10;
const intervalMs = 300;
const messagesPerSecond = 20;
const durationMs = 6_000;
/** A client reports what it has seen after this long, with the newest message. */
const readDelayMs = 250;
/** Intervals and the clock of whoever counts do not begin together. */
const slack = 1.1;

type Member = { client: RealtimeClient; newest: number; isWaiting: boolean };
type Round = { perInterval: number; cursorsPerEvent: number; reads: number };

const name = (buffer: Buffer, start: number): string => buffer.toString('latin1', start + 4, start + 17);
const seqIn = (text: string): number => Number(/"seq":(\d+)/.exec(text)?.[1] ?? 0);

async function openMembers(product: Product, onMoved: (text: string) => void): Promise<Member[]> {
  const opened = product.seeded.people.map(async (person, index): Promise<Member> => {
    const member: Pick<Member, 'newest' | 'isWaiting'> = { newest: 0, isWaiting: false };
    const client = await openRealtimeClient({
      port: product.port,
      ticket: ticketOf(person, product.port),
      onEvent: (buffer, start, end) => {
        const event = name(buffer, start);
        if (event === 'message:sent"') member.newest = seqIn(buffer.toString('utf8', start, end));
        else if (index === 0 && event === 'cursors:moved') onMoved(buffer.toString('utf8', start, end));
      },
    });
    return Object.assign(member, { client });
  });
  return Promise.all(opened);
}

/** Messages come steadily; the first `readers` members read whatever is newest, a little later. */
async function runRound(members: readonly Member[], roomUid: string, readers: number): Promise<Round> {
  const makeBody = createBodyMaker(1, 160);
  const count = { events: 0, cursors: 0, reads: 0 };
  counted = (text) => {
    count.events += 1;
    count.cursors += text.split('"userUid"').length - 1;
  };
  const startedAt = performance.now();
  let sent = 0;
  const lastRead = new Map<Member, number>();
  while (performance.now() - startedAt < durationMs) {
    const due = ((performance.now() - startedAt) * messagesPerSecond) / 1000;
    for (; sent < due; sent += 1) {
      const clientId = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
      const envelope = makeBody(performance.now() * 1000);
      const input = { roomUid, clientId, kind: 'text', envelope };
      members[people - 1]?.client.request('message:send', input, () => undefined);
    }
    for (const member of members.slice(0, readers)) {
      if (member.isWaiting || member.newest <= (lastRead.get(member) ?? 0)) continue;
      member.isWaiting = true;
      setTimeout(() => {
        member.isWaiting = false;
        lastRead.set(member, member.newest);
        count.reads += 1;
        member.client.request('room:read', { roomUid, seq: member.newest }, () => undefined);
      }, readDelayMs);
    }
    await sleep(5);
  }
  const perInterval = (count.events * intervalMs) / (performance.now() - startedAt);
  await sleep(2 * readDelayMs);
  return { perInterval, cursorsPerEvent: count.cursors / Math.max(1, count.events), reads: count.reads };
}

let counted: (text: string) => void = () => undefined;

export const readCursors: Row = {
  name: 'read-cursors',
  measure: async () => {
    const product = await startProduct({
      rooms: 1,
      peoplePerRoom: people,
      roomsPerPerson: 1,
      messagesPerRoom: 0,
    });
    const members = await openMembers(product, (text) => counted(text));
    try {
      const roomUid = product.seeded.rooms[0]?.roomUid ?? '';
      const few = await runRound(members, roomUid, fewReaders);
      const all = await runRound(members, roomUid, people);
      const shown = (round: Round): string => `${round.perInterval.toFixed(2)} events`;
      return [
        {
          what: `${people} members read a room with ${messagesPerSecond} messages a second`,
          budget: `≤ 1 event per connection and ${intervalMs} ms, however many read`,
          measured: shown(all),
          reference: `${fewReaders} of them: ${shown(few)}`,
          verdict: verdictOf(all.perInterval <= slack, few.perInterval <= slack, all.perInterval > 0),
          notes: [
            `${durationMs / 1000} s each; ${all.reads} reads told in events of ${all.cursorsPerEvent.toFixed(0)} cursors, ${few.reads} in events of ${few.cursorsPerEvent.toFixed(0)}.`,
          ],
        },
      ];
    } finally {
      for (const { client } of members) client.close();
      await product.server.stop();
    }
  },
};

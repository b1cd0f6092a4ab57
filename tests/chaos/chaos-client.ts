/**
 * A client that follows the rules of docs/architecture.md and nothing else: it sends one message after another, repeats
 * under the same client id until it is acknowledged, applies `rev + 1`, asks for the rest at a gap, and writes down
 * everything it was ever told.
 */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import type { Message } from '#contract/messages.ts';
import type { Answer } from '#contract/request.ts';
import { contractVersion } from '#contract/server-info.ts';
import { createEnvelope, randomUid } from '../../server/testing/people.ts';

export type Sent = { roomUid: string; clientId: string; seq: number };

export type ChaosClient = {
  userUid: string;
  /** Everything acknowledged, in the order in which it was sent. */
  acknowledged: Sent[];
  /** Every row the client was told of, by room and seq, with every name that was ever claimed for that seq. */
  told: Map<string, Map<number, Set<string>>>;
  /** Live events of one connection that did not come in ascending order, or came twice. */
  disorders: string[];
  /** Attempts beyond the first: how often an answer got lost. */
  retries(): number;
  sendAll(roomUids: readonly string[], count: number): Promise<void>;
  /** Asks for everything of these rooms that was missed. */
  catchUp(roomUids: readonly string[]): Promise<void>;
  close(): void;
};

/** An answer that has not come by now is asked for again. */
const answerTimeoutMs = 1_500;

export function createChaosClient(
  port: number,
  userUid: string,
  cookie: string,
  onAcknowledged: () => void,
): ChaosClient {
  const acknowledged: Sent[] = [];
  const told = new Map<string, Map<number, Set<string>>>();
  const disorders: string[] = [];
  const revs = new Map<string, number>();
  let lastLiveRevs = new Map<string, number>();
  let retries = 0;
  const socket: Socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
    auth: { contractVersion },
    extraHeaders: { origin: `http://127.0.0.1:${port}`, cookie },
  });

  function note({ roomUid, seq, senderUid, clientId }: Message): void {
    const names = told.get(roomUid)?.get(seq) ?? new Set();
    names.add(`${senderUid}.${clientId}`);
    if (!told.has(roomUid)) told.set(roomUid, new Map());
    told.get(roomUid)?.set(seq, names);
  }

  async function call<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
  ): Promise<RequestOutput<Name>> {
    for (;;) {
      const answer = await new Promise<Answer<RequestOutput<Name>> | null>((resolve) => {
        // volatile: what cannot be sent now is repeated by this loop, not by the transport behind its back
        socket.timeout(answerTimeoutMs).volatile.emit(name, input, (error: Error | null, value: never) => {
          resolve(error === null ? value : null);
        });
        socket.once('disconnect', () => resolve(null));
      });
      if (answer?.ok === true) return answer.value;
      if (answer !== null && answer.code !== 'SHUTTING_DOWN') throw new Error(`${name}: ${answer.code}`);
      retries += 1;
      if (!socket.connected) await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    }
  }

  async function repair(roomUid: string): Promise<void> {
    for (;;) {
      const mine = revs.get(roomUid) ?? 0;
      const changes = await call('room:changes', { roomUid, rev: mine });
      if (changes.isReset) await pageForward(roomUid);
      for (const message of changes.messages) note(message);
      revs.set(roomUid, Math.max(revs.get(roomUid) ?? 0, changes.rev));
      if (changes.rev === mine) return;
    }
  }

  async function pageForward(roomUid: string): Promise<void> {
    let after = Math.max(0, ...(told.get(roomUid)?.keys() ?? []));
    // everything may have gaps after a reset: begin at the first seq that is missing
    for (let seq = 1; seq <= after; seq += 1) if (told.get(roomUid)?.has(seq) !== true) after = seq - 1;
    for (;;) {
      const page = await call('message:page', { roomUid, after });
      for (const message of page.messages) note(message);
      after = page.messages.at(-1)?.seq ?? after;
      if (!page.hasAfter) return;
    }
  }

  socket.on('connect', () => (lastLiveRevs = new Map()));
  socket.on('message:sent', ({ message }: { message: Message }) => {
    const { roomUid, rev, seq } = message;
    const last = lastLiveRevs.get(roomUid) ?? 0;
    if (rev <= last) disorders.push(`${roomUid} rev ${rev} (seq ${seq}) came after rev ${last}`);
    lastLiveRevs.set(roomUid, rev);
    note(message);
    if (rev === (revs.get(roomUid) ?? 0) + 1) revs.set(roomUid, rev);
  });

  return {
    userUid,
    acknowledged,
    told,
    disorders,
    retries: () => retries,
    async sendAll(roomUids, count) {
      for (let index = 0; index < count; index += 1) {
        const roomUid = roomUids[index % roomUids.length] ?? '';
        const clientId = randomUid();
        const envelope = createEnvelope(1);
        const { seq } = await call('message:send', { roomUid, clientId, kind: 'text', envelope });
        acknowledged.push({ roomUid, clientId, seq });
        onAcknowledged();
      }
    },
    async catchUp(roomUids) {
      for (const roomUid of roomUids) await repair(roomUid);
    },
    close: () => void socket.close(),
  };
}

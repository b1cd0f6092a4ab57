/** Many signed-in clients that lose their server and come back: the process behind the row `reconnect`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { answerQuestions } from '../children/answering.ts';
import { backOffMs } from '../../static/connection/back-off.ts';
import { openRealtimeClient } from './realtime-client.ts';
import type { RealtimeClient, Ticket } from './realtime-client.ts';

/** `rev` is what this client claims to have of the room; `missing` how many messages it has to get to be current. */
export type KnownRoom = { roomUid: string; rev: number; missing: number };
export type HerdMember = { ticket: Ticket; rooms: KnownRoom[] };
export type HerdQuestion = { port: number; members: HerdMember[] };

/** Times are milliseconds since 1970. `attempts` counts connections tried; `wrong` clients that were told too little. */
export type HerdReport = {
  firstCurrentAt: number;
  lastCurrentAt: number;
  attempts: number;
  wrong: number;
  syncP99Ms: number;
};

type SyncAnswer = {
  ok: boolean;
  value?: {
    generation: string;
    peopleRev: number;
    isCacheStale: boolean;
    changes: { roomUid: string; messages: unknown[]; isReset: boolean }[];
  };
};

type Sheep = {
  member: HerdMember;
  client: RealtimeClient;
  generation: string;
  peopleRev: number;
  isDown: () => boolean;
};

let port = 0;
let herd: Sheep[] = [];

async function connect(member: HerdMember): Promise<Pick<Sheep, 'client' | 'isDown'>> {
  let isDown = false;
  const client = await openRealtimeClient({
    port,
    ticket: member.ticket,
    onEvent: () => undefined,
    onClose: () => (isDown = true),
  });
  return { client, isDown: () => isDown };
}

const ask = (client: RealtimeClient, name: string, input: unknown): Promise<SyncAnswer> =>
  new Promise((resolve, reject) => {
    const impatience = setTimeout(() => reject(new Error(`no answer to ${name}`)), 20_000);
    client.request(name, input, (_, text) => {
      clearTimeout(impatience);
      resolve(JSON.parse(text()) as SyncAnswer); // the contract's answer to session:sync
    });
  });

async function open(question: HerdQuestion): Promise<void> {
  port = question.port;
  const waiting = [...question.members];
  const openNext = async (member: HerdMember): Promise<void> => {
    const connection = await connect(member);
    const { value } = await ask(connection.client, 'session:sync', {});
    if (value === undefined) throw new Error('the first session:sync was refused');
    herd.push({ member, ...connection, generation: value.generation, peopleRev: value.peopleRev });
  };
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) await openNext(member);
    }),
  );
}

type Return = { currentAt: number; syncMs: number; attempts: number; isRight: boolean };

/** Waits for the loss, then tries again like the product's client until a sync was answered. */
async function comeBack(sheep: Sheep): Promise<Return> {
  while (!sheep.isDown()) await sleep(20);
  for (let attempt = 1; attempt < 40; attempt += 1) {
    await sleep(backOffMs(attempt, Math.random));
    try {
      const { client } = await connect(sheep.member);
      const startedAt = performance.now();
      const answer = await ask(client, 'session:sync', {
        generation: sheep.generation,
        peopleRev: sheep.peopleRev,
        rooms: sheep.member.rooms.map(({ roomUid, rev }) => ({ roomUid, rev })),
      });
      if (!answer.ok) continue;
      return {
        currentAt: performance.timeOrigin + performance.now(),
        syncMs: performance.now() - startedAt,
        attempts: attempt,
        isRight: isCurrent(sheep.member, answer),
      };
    } catch {
      // not up yet, or overrun: the next attempt comes later
    }
  }
  throw new Error('a client did not get back');
}

const isCurrent = (member: HerdMember, { value }: SyncAnswer): boolean =>
  value !== undefined &&
  !value.isCacheStale &&
  member.rooms.every(({ roomUid, missing }) => {
    const change = value.changes.find((candidate) => candidate.roomUid === roomUid);
    return change !== undefined && !change.isReset && change.messages.length === missing;
  });

async function watchReturn(): Promise<HerdReport> {
  const returns = await Promise.all(herd.map(comeBack));
  const times = returns.map(({ currentAt }) => currentAt);
  const syncs = returns.map(({ syncMs }) => syncMs).sort((a, b) => a - b);
  return {
    firstCurrentAt: Math.min(...times),
    lastCurrentAt: Math.max(...times),
    attempts: returns.reduce((sum, { attempts }) => sum + attempts, 0),
    wrong: returns.filter(({ isRight }) => !isRight).length,
    syncP99Ms: syncs[Math.floor(syncs.length * 0.99)] ?? 0,
  };
}

let returning: Promise<HerdReport> | null = null;

answerQuestions({
  open: (payload) => open(payload as HerdQuestion), // the bench is the only one who asks
  watch: () => {
    returning = watchReturn();
    returning.catch(() => undefined); // reported to whoever asks for the report
  },
  report: () => returning,
});
// nothing but connections keeps a process alive, and a herd starts with none
setInterval(() => undefined, 60_000);

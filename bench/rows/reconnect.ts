/** Two thousand clients lose their server, find it again and are current. */
import { startChild } from '../children/child.ts';
import type { HerdMember, HerdQuestion, HerdReport } from '../load/herd.ts';
import { spawnServer, startProduct, untilListening } from '../product/product-server.ts';
import type { Product } from '../product/product-server.ts';
import { ticketOf } from '../product/ticket.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Row } from '../row.ts';

const clientCount = 2_000;
const seedPlan = { rooms: 120, peoplePerRoom: 50, roomsPerPerson: 3, messagesPerRoom: 60 };
const missedPerRoom = 5;
const roundCount = 3;
const budgetMs = 5_000;

/** Everybody has missed the last few messages of each of their rooms. */
const membersOf = ({ seeded, port }: Product): HerdMember[] =>
  seeded.people.slice(0, clientCount).map((person) => ({
    ticket: ticketOf(person, port),
    rooms: person.rooms.flatMap((index) => {
      const room = seeded.rooms[index];
      return room === undefined
        ? []
        : [{ roomUid: room.roomUid, rev: room.rev - missedPerRoom, missing: missedPerRoom }];
    }),
  }));

type Round = { sinceListeningMs: number; sinceKillMs: number; report: HerdReport };

async function restartUnderHerd(): Promise<Round> {
  const product = await startProduct(seedPlan);
  const herd = startChild({ entry: 'bench/load/herd.ts', hasProbe: false });
  const question: HerdQuestion = { port: product.port, members: membersOf(product) };
  await herd.ask('open', question);
  await herd.ask('watch');
  const killedAt = Date.now();
  await product.server.stop('SIGKILL');
  const server = spawnServer({ folder: product.folder, port: product.port });
  await untilListening(server, product.port);
  const listeningAt = Date.now();
  const report = await herd.ask<HerdReport>('report');
  await herd.stop();
  await server.stop();
  return {
    sinceListeningMs: report.lastCurrentAt - listeningAt,
    sinceKillMs: report.lastCurrentAt - killedAt,
    report,
  };
}

export const reconnect: Row = {
  name: 'reconnect',
  measure: async () => {
    const rounds: Round[] = [];
    for (let round = 0; round < roundCount; round += 1) rounds.push(await restartUnderHerd());
    const fromKill = rounds.map(({ sinceKillMs }) => sinceKillMs);
    const fromListening = rounds.map(({ sinceListeningMs }) => sinceListeningMs);
    const wrong = rounds.reduce((sum, { report }) => sum + report.wrong, 0);
    const attempts = rounds.map(({ report }) => report.attempts / clientCount);
    const syncs = rounds.map(({ report }) => report.syncP99Ms);
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
    return [
      {
        what: `${clientCount.toLocaleString('en')} clients reconnect and sync after a restart (SIGKILL)`,
        budget: `all current within ${budgetMs / 1000} s`,
        measured: `${seconds(median(fromListening))} after listening, ${seconds(median(fromKill))} after the kill`,
        reference: '-',
        verdict: verdictOf(median(fromListening) <= budgetMs, wrong === 0),
        notes: [
          `${roundCount} rounds; ${spread(fromListening.map((ms) => ms / 1000))} s after listening; ${spread(attempts)} attempts a client; session:sync p99 ${spread(syncs, 0)} ms; clients told too little: ${wrong}.`,
        ],
      },
    ];
  },
};

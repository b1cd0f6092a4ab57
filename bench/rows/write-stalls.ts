/** How long the event loop stands still while messages are stored steadily and the log is moved into the database. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beginStalls, endStalls, startChild } from '../children/child.ts';
import type { LoadReport } from '../load/room-load.ts';
import { startGenerator } from '../product/load-pair.ts';
import { startProduct } from '../product/product-server.ts';
import { ticketOf } from '../product/ticket.ts';
import type { SeatPlan } from '../load/seat.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Row } from '../row.ts';

/** Many small rooms: it is the writing that is measured here, not the delivering. */
const seedPlan = { rooms: 100, peoplePerRoom: 4, roomsPerPerson: 1, messagesPerRoom: 200 };
const loadPlan = { messagesPerSecond: 1_000, durationMs: 8_000, sealedBytes: 1_488 };
const roundCount = 5;
const stallBudgetMs = 10;
const walBudgetMb = 128;

/** The size of the log's file: it only ever shrinks when it is begun anew with less in it. */
function walMb(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.endsWith('-wal'));
  return Math.max(0, ...names.map((name) => statSync(join(folder, name)).size)) / 2 ** 20;
}

export const writeStalls: Row = {
  name: 'write-stalls',
  measure: async () => {
    const { server, port, folder, seeded } = await startProduct(seedPlan);
    const idle = startChild({ entry: 'bench/references/idle-process.ts' });
    await idle.port;
    const seats = seeded.people.map((person): SeatPlan => {
      const [room = 0] = person.rooms;
      return {
        kind: 'product',
        room,
        roomUid: seeded.rooms[room]?.roomUid ?? '',
        ticket: ticketOf(person, port),
      };
    });
    const generator = await startGenerator(port, seats);
    const rounds: { full: number; bare: number; cpu: number; refused: number; written: number }[] = [];
    let largestWalMb = 0;
    const watch = setInterval(() => (largestWalMb = Math.max(largestWalMb, walMb(folder))), 100);
    for (let round = 0; round <= roundCount; round += 1) {
      await Promise.all([beginStalls(server), beginStalls(idle)]);
      const report = await generator.ask<LoadReport>('run', loadPlan);
      const [full, bare] = await Promise.all([endStalls(server), endStalls(idle)]);
      // the first round compiles the hot path
      if (round === 0) continue;
      rounds.push({
        full: full.longestMs,
        bare: bare.longestMs,
        cpu: full.longestCpuMs,
        refused: report.refused,
        written: report.acknowledged,
      });
    }
    clearInterval(watch);
    for (const child of [generator, idle, server]) await child.stop();
    const full = rounds.map((round) => round.full);
    const bare = rounds.map((round) => round.bare);
    const cpu = rounds.map((round) => round.cpu);
    const refused = rounds.reduce((sum, round) => sum + round.refused, 0);
    const written = rounds.reduce((sum, round) => sum + round.written, 0);
    return [
      {
        what: 'longest event-loop stall under steady writes with checkpoints',
        budget: `≤ ${stallBudgetMs} ms`,
        measured: `${median(full).toFixed(1)} ms, ${median(cpu).toFixed(1)} ms of CPU`,
        reference: `idle Node process ${median(bare).toFixed(1)} ms`,
        verdict: verdictOf(median(full) <= stallBudgetMs, refused === 0),
        notes: [
          ...(median(bare) > stallBudgetMs / 2
            ? ['the idle process stood still as well: the machine was busy, take it again when it is not.']
            : []),
          `median over ${roundCount} windows of ${loadPlan.durationMs / 1000} s of the longest stall in each; product ${spread(full)} ms, idle process ${spread(bare)} ms; ${written} messages of ${loadPlan.sealedBytes} sealed bytes at ${loadPlan.messagesPerSecond}/s, ${refused} refused.`,
        ],
      },
      {
        what: 'write-ahead log, largest size meanwhile',
        budget: `≤ ${walBudgetMb} MB`,
        measured: `${largestWalMb.toFixed(0)} MB`,
        reference: '-',
        verdict: verdictOf(largestWalMb <= walBudgetMb, largestWalMb > 0),
      },
    ];
  },
};

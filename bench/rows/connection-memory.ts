/** Memory per idle signed-in connection, against Socket.IO with nothing but three rooms and one dispatcher. */
import { setTimeout as sleep } from 'node:timers/promises';
import { askMemory, startChild } from '../children/child.ts';
import type { Child } from '../children/child.ts';
import type { SeatPlan } from '../load/seat.ts';
import { startGenerator } from '../product/load-pair.ts';
import { startProduct } from '../product/product-server.ts';
import { ticketOf } from '../product/ticket.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Row } from '../row.ts';

const rooms = 360;
const peoplePerRoom = 50;
const connections = (rooms * peoplePerRoom) / 3;
/** The first ones pay for code, pools, caches and the heap of a rush that later ones share; the notes say how much. */
const warmUpConnections = 2_000;
const roundCount = 3;
const ratioBudget = 1.2;

/** KB per connection: growth of the resident set and of the live heap, after a collection that gives empty pages back. */
type Cost = { rssKb: number; heapKb: number; warmUpMb: number };

async function measureServer(server: Child, port: number, seats: SeatPlan[]): Promise<Cost> {
  const atRest = await askMemory(server);
  const first = await startGenerator(port, seats.slice(0, warmUpConnections));
  await sleep(1500);
  const before = await askMemory(server);
  const second = await startGenerator(port, seats.slice(warmUpConnections));
  // long enough for presence to have told everybody
  await sleep(4500);
  const after = await askMemory(server);
  await first.stop();
  await second.stop();
  await server.stop();
  const mb = (bytes: number): number => bytes / 2 ** 20;
  const added = seats.length - warmUpConnections;
  return {
    rssKb: (after.rssBytes - before.rssBytes) / 1024 / added,
    warmUpMb: mb(before.rssBytes - atRest.rssBytes),
    heapKb: (after.heapBytes + after.externalBytes - before.heapBytes - before.externalBytes) / 1024 / added,
  };
}

async function measureReference(): Promise<Cost> {
  const server = startChild({ entry: 'bench/references/socket-io-server.ts' });
  // the same headers as the product gets: a cookie and an origin
  const ticket = { cookie: `maru-5000=${'x'.repeat(43)}`, auth: {} };
  const seats = Array.from({ length: connections }, (): SeatPlan => ({
    kind: 'product',
    room: 0,
    roomUid: '',
    ticket,
  }));
  return measureServer(server, await server.port, seats);
}

async function measureProduct(): Promise<Cost> {
  const plan = { rooms, peoplePerRoom, roomsPerPerson: 3, messagesPerRoom: 5 };
  const { server, port, seeded } = await startProduct(plan);
  const seats = seeded.people.map((person): SeatPlan => ({
    kind: 'product',
    room: 0,
    roomUid: '',
    ticket: ticketOf(person, port),
  }));
  return measureServer(server, port, seats);
}

export const connectionMemory: Row = {
  name: 'connection-memory',
  measure: async () => {
    const pairs: [Cost, Cost][] = [];
    for (let round = 0; round < roundCount; round += 1)
      pairs.push([await measureReference(), await measureProduct()]);
    const bare = pairs.map(([reference]) => reference.rssKb);
    const full = pairs.map(([, product]) => product.rssKb);
    const ratios = pairs.map(([reference, product]) => product.rssKb / reference.rssKb);
    const both = (key: keyof Cost): string =>
      `product ${median(pairs.map(([, product]) => product[key])).toFixed(1)}, Socket.IO ${median(pairs.map(([reference]) => reference[key])).toFixed(1)}`;
    return [
      {
        what: 'memory per idle signed-in connection in three rooms',
        budget: `≤ ${ratioBudget} × bare Socket.IO`,
        measured: `${median(full).toFixed(1)} KB = ${median(ratios).toFixed(2)} ×`,
        reference: `Socket.IO ${median(bare).toFixed(1)} KB`,
        verdict: verdictOf(median(ratios) <= ratioBudget),
        notes: [
          `growth of the resident set over ${connections - warmUpConnections} connections, ${roundCount} pairs; ratio ${spread(ratios, 2)}, product ${spread(full)} KB, Socket.IO ${spread(bare)} KB; of it live heap and buffers (KB): ${both('heapKb')}; all of the first ${warmUpConnections} together (MB): ${both('warmUpMb')}.`,
        ],
      },
    ];
  },
};

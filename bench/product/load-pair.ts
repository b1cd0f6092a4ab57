/** A server with its own load generator, all connections open: the relay and the product, same rooms, same sockets. */
import { startChild } from '../children/child.ts';
import type { Child } from '../children/child.ts';
import type { OpenQuestion } from '../load/generator.ts';
import type { SeatPlan } from '../load/seat.ts';
import { startProduct } from './product-server.ts';
import { ticketOf } from './ticket.ts';

export type LoadedServer = { server: Child; generator: Child };

const roomCount = 20;
const socketsPerRoom = 50;

export async function startGenerator(port: number, seats: SeatPlan[]): Promise<Child> {
  const generator = startChild({ entry: 'bench/load/generator.ts', hasProbe: false });
  const question: OpenQuestion = { port, seats };
  await generator.ask('open', question);
  return generator;
}

export async function startRelayLoad(): Promise<LoadedServer> {
  const server = startChild({ entry: 'bench/references/ws-relay.ts' });
  const seats = Array.from({ length: roomCount * socketsPerRoom }, (_, index): SeatPlan => ({
    kind: 'relay',
    room: index % roomCount,
  }));
  return { server, generator: await startGenerator(await server.port, seats) };
}

export async function startProductLoad(): Promise<LoadedServer> {
  const product = await startProduct({
    rooms: roomCount,
    peoplePerRoom: socketsPerRoom,
    roomsPerPerson: 1,
    messagesPerRoom: 0,
  });
  const seats = product.seeded.people.map((person): SeatPlan => {
    const [room = 0] = person.rooms;
    const roomUid = product.seeded.rooms[room]?.roomUid ?? '';
    return { kind: 'product', room, roomUid, ticket: ticketOf(person, product.port) };
  });
  return { server: product.server, generator: await startGenerator(product.port, seats) };
}

import { contractVersion } from '#contract/server-info.ts';
import type { Ticket } from '../load/realtime-client.ts';
import type { SeededPerson } from './seed.ts';

/** The session cookie and handshake of a seeded person, as the page would send them. */
export function ticketOf(person: SeededPerson, port: number): Ticket {
  return { cookie: `maru-${port}=${person.token}`, auth: { contractVersion } };
}

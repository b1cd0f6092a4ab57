/** The load generator's process: one set of connections, driven by questions from the bench. */
import { answerQuestions } from '../children/answering.ts';
import { openRoomLoad } from './room-load.ts';
import type { LoadPlan, RoomLoad } from './room-load.ts';
import type { SeatPlan } from './seat.ts';

export type OpenQuestion = { port: number; seats: SeatPlan[] };

let load: RoomLoad | null = null;

answerQuestions({
  open: async (payload) => {
    const { port, seats } = payload as OpenQuestion; // the bench is the only one who asks
    load = await openRoomLoad(port, seats);
  },
  run: (payload) => {
    if (load === null) throw new Error('No connections are open.');
    return load.run(payload as LoadPlan); // the bench is the only one who asks
  },
  close: () => {
    load?.close();
    load = null;
  },
});
// nothing but connections keeps a process alive, and a generator starts with none
setInterval(() => undefined, 60_000);

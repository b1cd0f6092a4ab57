/** Rooms that whole clients make for somebody, with as many epochs as years of coming and going would leave. */
import { signUp, stateWhere, openTab, createBrowser } from '../../tests/client/node-client.ts';
import type { TestTab } from '../../tests/client/node-client.ts';

/** As many rooms as a person may make in an hour, with room to spare. */
const roomsPerCreator = 50;

/** In the last message of every room. */
export const lastWords = '마지막 소식';

export type ManyRooms = { port: number; memberUid: string; rooms: number; epochs: number };

/** Makes groups of one of the creators and the member; each ends with a message in its newest epoch. */
export async function makeManyRooms({ port, memberUid, rooms, epochs }: ManyRooms): Promise<void> {
  for (let first = 0; first < rooms; first += roomsPerCreator) {
    const creator = openTab(createBrowser(`http://127.0.0.1:${port}`));
    const number = first / roomsPerCreator + 1;
    await signUp(creator, `creator-${number}`, `만든 이 ${number}`);
    const last = Math.min(rooms, first + roomsPerCreator);
    for (let room = first; room < last; room += 1) await makeRoom(creator, memberUid, room, epochs);
    await stateWhere(creator.app.stores.outbox, ({ items }) => items.length === 0, 'everything sent');
    await creator.close();
  }
}

async function makeRoom({ app }: TestTab, memberUid: string, room: number, epochs: number): Promise<void> {
  const made = await app.actions.rooms.createGroup(`방 ${room + 1}`, [memberUid]);
  if (!made.ok) throw new Error(`room ${room}: ${made.code}`);
  const { roomUid } = made.value;
  // whatever a new epoch is made for, its record and wraps are the same
  for (let epoch = 2; epoch <= epochs; epoch += 1) {
    const next = await app.actions.administration.setHistory(roomUid, epoch % 2 === 0);
    if (!next.ok) throw new Error(`room ${room}, epoch ${epoch}: ${next.code}`);
  }
  const sent = await app.actions.messages.send(roomUid, `${lastWords} ${room + 1}`);
  if (!sent.ok) throw new Error(`room ${room}: ${sent.code}`);
}

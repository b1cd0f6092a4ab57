/** Rooms of the tests, made by requests as clients make them. */
import type { PollSettings } from '#contract/poll.ts';
import type { Room } from '#contract/rooms.ts';
import { createEnvelope, createEpoch, epochInput, randomB64, randomUid } from './people.ts';
import type { TestEpoch, TestPerson } from './people.ts';
import type { TestClient } from './test-client.ts';

export type TestRoom = { roomUid: string; type: 'direct' | 'group'; room: Room; epoch: TestEpoch };

/** A room of the creator and these people; two are a direct room unless a title is given. */
export async function createRoom(
  creator: TestClient,
  others: readonly TestPerson[],
  title?: string,
): Promise<TestRoom> {
  const roomUid = randomUid();
  const type = title === undefined ? 'direct' : 'group';
  const people = [creator.person, ...others];
  const epoch = createEpoch({ roomUid, type, creator: creator.person, people });
  const wish = {
    roomUid,
    type,
    epoch: epochInput(epoch),
    ...(title === undefined ? {} : { title }),
  } as const;
  const { room } = await creator.ask('room:create', wish);
  return { roomUid, type, room, epoch };
}

/** The epoch that follows a room's newest one, for these people; nothing is sent. */
export const nextEpoch = (room: TestRoom, creator: TestPerson, people: readonly TestPerson[]): TestEpoch =>
  createEpoch({ roomUid: room.roomUid, type: room.type, creator, people, previous: room.epoch });

/** The input of a send in a room's present epoch. */
export const messageFor = (room: { roomUid: string; epoch: { epoch: number } }, clientId = randomUid()) => ({
  roomUid: room.roomUid,
  clientId,
  kind: 'text' as const,
  envelope: createEnvelope(room.epoch.epoch),
});

/** A reaction sealed in a room's present epoch: what the server cannot read is random. */
export const createReaction = ({ epoch }: { epoch: { epoch: number } }) => ({
  token: randomB64(16),
  sealed: `r1.${epoch.epoch}.${randomB64(64)}`,
});

/** The input of a send of a poll of three options, of which one may be chosen. */
export const pollFor = (
  room: { roomUid: string; epoch: { epoch: number } },
  settings: Partial<PollSettings> = {},
) => ({
  ...messageFor(room),
  kind: 'poll' as const,
  poll: {
    optionIds: [randomUid(), randomUid(), randomUid()],
    isMultiple: false,
    isAnonymous: false,
    closesAt: null,
    ...settings,
  },
});

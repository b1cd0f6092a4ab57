/** Gives rooms back to a server that was restored to an earlier state (docs/e2e-protocol.md section 8). */
import type { RequestInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { EpochGivenBack } from '#contract/restore.ts';
import type { Room } from '#contract/rooms.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';

export type RoomReturn = {
  /** `server` is the room as the server has it, null where it shows none. True: the server took something of it. */
  giveBack: (room: Pick<Room, 'roomUid' | 'type' | 'title'>, server: Room | null) => Promise<boolean>;
  /** Every room of `known` that the server lacks or is behind with. */
  giveBackAll: (known: readonly Room[], server: readonly Room[]) => Promise<boolean>;
};

/** Wraps in one request, some 250 bytes each. */
const wrapsMax = 4_000;
const timeoutMs = 60_000;

export const createRoomReturn = (deps: {
  call: Call;
  crypto: Pick<CryptoEngine, 'prepareRoomReturn'>;
}): RoomReturn => {
  /** What was tried already, by room and the server's newest record: the same would be refused again. */
  const triedStates = new Set<string>();

  const send = async (input: RequestInput<'room:restore'>): Promise<boolean> => {
    let isTaken = false;
    for (const epochs of inParts(input.epochs)) {
      const result = await deps.call('room:restore', { ...input, epochs }, { timeoutMs });
      isTaken ||= result.ok;
      // The first part may be from before I was in the room: the next one names me.
      if (!result.ok && result.code !== 'NOT_FOUND') break;
    }
    return isTaken;
  };

  const giveBack: RoomReturn['giveBack'] = async ({ roomUid, type, title }, server) => {
    const state = `${roomUid} ${server?.epochHash ?? ''}`;
    if (triedStates.has(state)) return false;
    triedStates.add(state);
    const newest = server === null ? null : { epoch: server.epoch, hash: server.epochHash };
    const made = await tryCrypto(() => deps.crypto.prepareRoomReturn(roomUid, newest));
    if (!made.ok || made.value === null) return false;
    const { epochs, statements } = made.value;
    const named = type === 'group' && title !== '' ? { title } : {};
    return send({ roomUid, epochs, statements, ...named });
  };

  return {
    giveBack,
    giveBackAll: async (known, server) => {
      const serverByUid = new Map(server.map((room) => [room.roomUid, room]));
      let isTaken = false;
      for (const room of known) {
        const there = serverByUid.get(room.roomUid) ?? null;
        if (there === null || there.epoch < room.epoch) isTaken = (await giveBack(room, there)) || isTaken;
      }
      return isTaken;
    },
  };
};

/** Ascending parts that the server takes in one request each. */
const inParts = (epochs: readonly EpochGivenBack[]): EpochGivenBack[][] => {
  const parts: EpochGivenBack[][] = [];
  let wraps = 0;
  for (const epoch of epochs) {
    const part = parts.at(-1);
    wraps += epoch.wraps.length;
    if (part === undefined || part.length === limits.epochsGivenBack || wraps > wrapsMax) {
      parts.push([epoch]);
      wraps = epoch.wraps.length;
    } else part.push(epoch);
  }
  return parts;
};

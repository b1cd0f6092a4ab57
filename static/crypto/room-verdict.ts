import type {
  AcceptRoomInput,
  EpochChange,
  NameWarning,
  RoomVerdict,
  WaitingReason,
} from './engine-types.ts';
import { findChangedMarks, findRenewals } from './pin-rules.ts';
import type { Pins } from './pins.ts';
import type { ChainStop } from './room-chain.ts';
import type { RoomKeyFault } from './room-key.ts';
import { type ChainLink, describeChange } from './room-step.ts';

/** Puts together what acceptRoom answers. Pure. */
export function composeVerdict(input: {
  asked: AcceptRoomInput;
  accepted: ChainLink | null;
  stop: ChainStop | null;
  keyFault: RoomKeyFault | null;
  changes: EpochChange[];
  nameWarnings: NameWarning[];
  pins: Pins;
}): RoomVerdict {
  const { asked, accepted, stop, keyFault, pins } = input;
  const people = accepted?.record.people ?? [];
  const inRecord = new Set(accepted?.record.people.map((person) => person.userUid));
  const members = new Set(asked.members.map((member) => member.userUid));
  const toRemove = Array.from(inRecord).filter((userUid) => !members.has(userUid));
  const notInRecord = Array.from(members).filter((userUid) => !inRecord.has(userUid));
  const reason = stop?.reason ?? keyFault ?? membershipFault(toRemove, notInRecord);
  return {
    roomUid: asked.roomUid,
    status: stop?.kind ?? (reason === null ? 'sendable' : 'waiting'),
    reason,
    subject: stop?.subject ?? null,
    epoch: accepted?.epoch ?? null,
    type: accepted?.record.type ?? null,
    history: accepted?.record.history ?? false,
    people,
    toRemove,
    notInRecord,
    changes: input.changes,
    nameWarnings: input.nameWarnings,
    renewable: findRenewals(pins, people).map(({ userUid }) => userUid),
    markChanged: findChangedMarks(pins, people),
  };
}

function membershipFault(toRemove: string[], notInRecord: string[]): WaitingReason | null {
  if (toRemove.length > 0) return 'REKEY_NEEDED';
  return notInRecord.length > 0 ? 'MEMBERS_DIFFER' : null;
}

/** The changes between neighbouring links, ascending; a link whose predecessor is not known says nothing. */
export function listChanges(
  links: (epoch: number) => ChainLink | undefined,
  epochs: number[],
): EpochChange[] {
  return epochs.flatMap((epoch) => {
    const link = links(epoch);
    const previous = links(epoch - 1);
    if (link === undefined || (previous === undefined && link.record.prev !== null)) return [];
    return [describeChange(previous?.record ?? null, link)];
  });
}

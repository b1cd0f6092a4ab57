/** What people do about a room that stands still: each of them what the own screen offers, and the others read out digits. */
import { deedOf } from '../../../static/features/trust/room-reasons.ts';
import { confirm } from './operations.ts';
import type { Race } from './operations.ts';
import { entryOf } from './world.ts';
import type { Device } from './world.ts';

/** One round: every device looks at the room once, and somebody does what its screen says. */
export async function helpInRoom(race: Race, roomUid: string, inside: readonly Device[]): Promise<void> {
  for (const device of inside) await helpDevice(race, roomUid, inside, device);
}

async function helpDevice(
  race: Race,
  roomUid: string,
  inside: readonly Device[],
  device: Device,
): Promise<void> {
  const { trust, rooms } = device.tab.app.actions;
  const verdict = entryOf(device, roomUid)?.keys.verdict ?? null;
  if (verdict === null || verdict.status === 'sendable' || verdict.reason === null) return;
  const shown = await trust.roomTrust(roomUid);
  if (!shown.ok) return;
  switch (deedOf(verdict.reason, shown.value.quarantine)) {
    case 'own-digits':
      for (const other of inside) await confirm(race, other, device.person);
      return;
    case 'person-digits': {
      const person = race.world.people.find(({ uid }) => uid === verdict.subject);
      if (person !== undefined) await confirm(race, device, person);
      return;
    }
    case 'record-digits':
      return typeRecordDigits(roomUid, inside, device);
    case 'retry':
      return rooms.recheckKeys(roomUid);
    default:
  }
}

/** Somebody who accepted the newest record reads its digits out. */
async function typeRecordDigits(roomUid: string, inside: readonly Device[], device: Device): Promise<void> {
  const epoch = entryOf(device, roomUid)?.room.epoch;
  const isReader = (other: Device): boolean => {
    const verdict = entryOf(other, roomUid)?.keys.verdict;
    return other !== device && verdict?.status !== 'quarantined' && verdict?.epoch === epoch;
  };
  const digits = await inside.find(isReader)?.tab.app.actions.trust.roomDigits(roomUid);
  if (digits?.ok === true) await device.tab.app.actions.trust.confirmRecord(roomUid, digits.value);
}

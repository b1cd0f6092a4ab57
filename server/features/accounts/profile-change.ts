/** Changing what people see of each other. */
import type { ValidInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUser } from '../../gateway/delivery.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { Unit } from '../feature-types.ts';
import { toMe, toPerson } from '../person-row.ts';
import { roomUidsOf, signedInUser, updateProfile } from './account-store.ts';
import type { UserRow } from './account-store.ts';

const dayMs = 86_400_000;

/** To all devices of a person and to everybody who shares a room with them: the profile as it is now. */
export async function profileEvents({ db }: Unit, user: UserRow): Promise<Delivery[]> {
  const person = toPerson(user);
  const roomUids = await roomUidsOf(db, user.id);
  const told = roomUids.map((roomUid) => toRoom(roomUid, 'person:updated', { person }));
  return [toUser(user.uid, 'me:updated', { me: toMe(user) }), ...told];
}

/** A status with its end. A new text has none unless one is given; without a text there is nothing to end. */
function statusAfter(user: UserRow, input: ValidInput<'account:update'>, now: number) {
  const text = input.statusText ?? user.status_text;
  const kept = input.statusText === undefined ? user.status_until : null;
  const until = text === '' ? null : input.statusUntil === undefined ? kept : input.statusUntil;
  const isNew = until !== null && input.statusUntil !== undefined;
  if (isNew && (until <= now || until > now + limits.statusDaysMax * dayMs)) {
    throw new AppError('INVALID_INPUT', { field: 'statusUntil' });
  }
  return { status_text: text, status_until: until };
}

/** The unit that changes a profile; what is left out stays as it is. */
export async function changeProfile(
  unit: Unit,
  userId: number,
  input: ValidInput<'account:update'>,
  now: number,
) {
  const before = await signedInUser(unit.db, userId);
  const change = {
    display_name: input.displayName ?? before.display_name,
    department: input.department ?? before.department,
    title: input.title ?? before.title,
    ...statusAfter(before, input, now),
    directory_rev: await raiseDirectoryRev(unit),
  };
  await updateProfile(unit, userId, change);
  const changed = { ...before, ...change };
  return { value: toMe(changed), events: await profileEvents(unit, changed) };
}

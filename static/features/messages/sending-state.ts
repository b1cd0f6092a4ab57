import type { Person } from '#contract/accounts.ts';
import type { RoomVerdict } from '../../crypto/index.ts';
import type { Locale } from '../../locales/locale.ts';
import { mayPost } from '../rooms/room-state.ts';
import type { RoomEntry } from '../rooms/room-state.ts';

/** Whether a message can be written here, and what to say about it. */
export type SendingState = {
  /** Nothing can be sent and waiting does not help: the button is off and the text stays. */
  isBlocked: boolean;
  reason: string | null;
  /** Not mine to write in: there is no box at all. */
  isReadOnly?: true;
};

export function sendingState(
  entry: RoomEntry | undefined,
  people: ReadonlyMap<string, Person>,
  locale: Locale,
  meUid: string,
): SendingState {
  if (entry === undefined) return { isBlocked: true, reason: locale.t('chat.gone') };
  if (!mayPost(entry.room, meUid)) {
    return { isBlocked: true, reason: locale.failure({ code: 'POSTING_RESTRICTED' }), isReadOnly: true };
  }
  const away = entry.room.type === 'direct' ? awayPerson(entry, people) : null;
  if (away !== null) {
    return { isBlocked: true, reason: locale.t('chat.blockedDisabled') };
  }
  return verdictState(entry.keys.verdict, locale);
}

const awayPerson = (entry: RoomEntry, people: ReadonlyMap<string, Person>): Person | null => {
  for (const { userUid } of entry.room.members) {
    const person = people.get(userUid);
    if (person !== undefined && person.state !== 'active') return person;
  }
  return null;
};

function verdictState(verdict: RoomVerdict | null, locale: Locale): SendingState {
  if (verdict === null || verdict.status === 'sendable') return { isBlocked: false, reason: null };
  if (verdict.status === 'waiting') {
    // Whom only the server names, and a key of mine that a colleague must confirm, are no matter of a moment: that is said
    // before anything is written.
    const { reason: code } = verdict;
    const isLong = code === 'MEMBERS_DIFFER' || code === 'OWN_VERSION_OLD' || code === 'NOT_IN_RECORD';
    return { isBlocked: false, reason: isLong ? locale.failure({ code }) : locale.t('chat.blockedWaiting') };
  }
  // Which reason it is stands above the messages, with what to do about it.
  return { isBlocked: true, reason: locale.failure({ code: 'QUARANTINED' }) };
}

/** All migrations, in order. To add one: a file `<number>-<name>.ts` with `up`, and a line here. */
import type { Migration } from '../migration.ts';
import { up as foundation } from './0001-foundation.ts';
import { up as messageParts } from './0002-message-parts.ts';
import { up as userItems } from './0003-user-items.ts';
import { up as roomAdministration } from './0004-room-administration.ts';
import { up as polls } from './0005-polls.ts';
import { up as reactions } from './0006-reactions.ts';
import { up as presence } from './0007-presence.ts';
import { up as messageVersions } from './0008-message-versions.ts';
import { up as memos } from './0009-memos.ts';
import { up as pins } from './0010-pins.ts';
import { up as mentions } from './0011-mentions.ts';
import { up as scheduledMessages } from './0012-scheduled-messages.ts';
import { up as recovery } from './0013-recovery.ts';
import { up as adminPeople } from './0014-admin-people.ts';
import { up as keyHealing } from './0015-key-healing.ts';
import { up as returnedStatements } from './0016-returned-statements.ts';
import { up as serverLimits } from './0017-server-limits.ts';

export const migrations: readonly Migration[] = [
  { number: 1, name: 'foundation', up: foundation },
  { number: 2, name: 'message-parts', up: messageParts },
  { number: 3, name: 'user-items', up: userItems },
  { number: 4, name: 'room-administration', up: roomAdministration },
  { number: 5, name: 'polls', up: polls },
  { number: 6, name: 'reactions', up: reactions },
  { number: 7, name: 'presence', up: presence },
  { number: 8, name: 'message-versions', up: messageVersions },
  { number: 9, name: 'memos', up: memos },
  { number: 10, name: 'pins', up: pins },
  { number: 11, name: 'mentions', up: mentions },
  { number: 12, name: 'scheduled-messages', up: scheduledMessages },
  { number: 13, name: 'recovery', up: recovery },
  { number: 14, name: 'admin-people', up: adminPeople },
  { number: 15, name: 'key-healing', up: keyHealing },
  { number: 16, name: 'returned-statements', up: returnedStatements },
  { number: 17, name: 'server-limits', up: serverLimits },
];

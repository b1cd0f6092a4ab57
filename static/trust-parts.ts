/** What people see of keys and trust: a piece that comes a moment after the messenger. */
import { openOwnDigits } from './features/trust/own-digits-view.ts';
import { openPersonSecurity } from './features/trust/person-security-view.ts';
import { createRoomNotices } from './features/trust/room-notices-view.ts';
import { openRoomSecurity } from './features/trust/room-security-view.ts';
import { openRowHelp } from './features/trust/row-help-view.ts';
import { createTrustLights } from './features/trust/trust-lights-view.ts';
import { openVerifiedSend } from './features/trust/verified-send-view.ts';

export const trustParts = {
  createRoomNotices,
  createTrustLights,
  openOwnDigits,
  openPersonSecurity,
  openRoomSecurity,
  openRowHelp,
  openVerifiedSend,
};

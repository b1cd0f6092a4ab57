/**
 * What a sign-in needs: the session behind the page and the messenger on it. One piece, because neither is ever there without
 * the other, and two would share a dozen small ones with the sign-in form.
 */
import { createMessengerView } from './messenger-view.ts';
import { startSessionScope } from './session-scope.ts';

export const signedInParts = { createMessengerView, startSessionScope };

/** Made-up answers of the engine about people and keys, for looking at the views without a server. */
import type { PersonTrust } from '../../../static/crypto/index.ts';
import type { DeskActions } from '../../../static/features/trust/desk-actions.ts';
import { noTrustNews } from '../../../static/features/trust/trust-news.ts';
import type { TrustNews } from '../../../static/features/trust/trust-news.ts';
import { fail, succeed } from '../../../static/state/failure.ts';
import { me, now, teamUid, uid } from './made-up-state.ts';

const dayMs = 86_400_000;
const seen = now - 40 * dayMs;

const trust = (name: string, change: Partial<PersonTrust> = {}): PersonTrust => ({
  userUid: uid(name),
  version: 1,
  state: 'seen',
  confirmed: { version: 1, fingerprint: 'A'.repeat(22), at: seen },
  vouchedBy: null,
  mark: 'none',
  verifiedAt: null,
  ...change,
});

const people: readonly PersonTrust[] = [
  trust('jimin.han', { state: 'me' }),
  trust('doyun.kim', { mark: 'verified', verifiedAt: now - 3 * dayMs }),
  trust('haeun.lee', { version: 2, state: 'vouched', vouchedBy: uid('doyun.kim') }),
  trust('minsu.kim', { version: 2, state: 'unconfirmed' }),
  trust('minsu.kim2'),
  trust('yujin.seo', { version: 2, state: 'digits', mark: 'changed' }),
];

const groups = [
  '04821',
  '77310',
  '95027',
  '18846',
  '60213',
  '33975',
  '52048',
  '91167',
  '00739',
  '86452',
  '27590',
  '41183',
];

export const trustNewsOf = (scene: string): TrustNews => ({
  ...noTrustNews(),
  verifiedUids: new Set([uid('doyun.kim'), uid('yujin.seo')]),
  unconfirmedUids: new Set([uid('minsu.kim')]),
  rehearsal:
    scene === 'list'
      ? null
      : {
          at: now - 3_600_000,
          keysChangedAt: now - dayMs,
          vault: scene === 'unsound' ? 'unsound' : 'sound',
          rooms: 8,
          waitingRooms: scene === 'waiting-keys' ? 2 : 0,
          uncheckedRooms: 0,
        },
});

/** `quarantined`: by digits of the person; `forked`: by digits of the record. */
export const madeUpDesk = (scene: string): DeskActions => ({
  ownDigits: async () => succeed('048213907755'),
  roomDigits: async () => succeed('771004829316'),
  personTrust: async (userUid) => {
    const found = people.find((person) => person.userUid === userUid);
    return found === undefined ? fail('NOT_FOUND') : succeed(found);
  },
  roomTrust: async () =>
    succeed({
      roomUid: teamUid,
      epoch: 3,
      people: [...people],
      quarantine:
        scene === 'forked'
          ? {
              reason: 'FORK',
              subject: null,
              resolvedBy: 'record',
              epoch: 3,
              creatorUid: uid('doyun.kim'),
              people: [],
              cameBack: [uid('seojun.park')],
              missing: [],
            }
          : null,
      isWaitingForColleague: scene === 'waiting-own',
    }),
  safetyNumber: async (userUid) =>
    succeed({
      userUid,
      version: 1,
      fingerprint: 'A'.repeat(22),
      groups,
      code: `maru-sn1:${'Abcdef0123456789'.repeat(5)}AbcdeQ`,
    }),
  markVerified: async () => succeed(true),
  compareCode: async () => succeed('different'),
  dropMark: async () => succeed(undefined),
  confirmIdentity: async (userUid) => succeed({ ok: false, reason: 'DIGITS_WRONG', subject: userUid }),
  confirmRecord: async () => succeed({ ok: false, reason: 'DIGITS_WRONG', subject: me.userUid }),
  lookAtMarks: async () => succeed(undefined),
});

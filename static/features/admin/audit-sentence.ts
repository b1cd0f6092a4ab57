import type { ServerAuditEntry } from '#contract/admin-people.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import type { AdminLocale, PlainAdminKey } from '../../locales/admin-locale.ts';
import { recallText } from './policy-cards.ts';

/** The actions that a log can be narrowed to, in the groups they are offered in. */
export const actionGroups = [
  {
    name: 'adminAudit.groupPeople',
    actions: [
      'account-registered',
      'account-approved',
      'account-declined',
      'account-disabled',
      'account-enabled',
      'server-role-changed',
      'invitation-made',
      'invitation-revoked',
      'owner-registered',
      'account-deleted',
    ],
  },
  {
    name: 'adminAudit.groupKeys',
    actions: [
      'reset-code-made',
      'identity-reset',
      'identity-succeeded',
      'account-recovered',
      'password-changed',
      'vault-replaced',
      'vault-given-back',
    ],
  },
  {
    name: 'adminAudit.groupServer',
    actions: [
      'settings-changed',
      'sign-up-changed',
      'policies-changed',
      'server-restarted',
      'backup-made',
      'backup-deleted',
      'restore-staged',
      'backup-restored',
    ],
  },
  {
    name: 'adminAudit.groupRooms',
    actions: [
      'room-renamed',
      'room-described',
      'room-picture-changed',
      'room-policies-changed',
      'room-history-changed',
      'role-changed',
      'room-handed-over',
      'member-kicked',
      'request-accepted',
      'request-declined',
      'message-pinned',
      'message-unpinned',
      'notice-raised',
      'notice-lowered',
      'room-given-back',
    ],
  },
] as const satisfies readonly { name: PlainAdminKey; actions: readonly string[] }[];

/** An action that this version has words for: the tests compare them with the server's list. */
export type KnownAction = (typeof actionGroups)[number]['actions'][number];

const knownActions: ReadonlySet<string> = new Set(actionGroups.flatMap(({ actions }) => [...actions]));
const isKnown = (action: string): action is KnownAction => knownActions.has(action);

/** What an action is called where one is chosen. */
export const actionName = (locale: AdminLocale, action: KnownAction): string =>
  locale.say(`adminAudit.name.${action}`);

/** What happened, in a sentence; what this version has no words for is named by its code. */
export function auditSentence(locale: AdminLocale, entry: ServerAuditEntry): string {
  const { action, subjectName, details } = entry;
  const actor = actorWords(locale, entry);
  if (!isKnown(action)) return locale.say('adminAudit.other', { actor, action });
  const name =
    subjectName === ''
      ? locale.say('adminAudit.ofDeleted')
      : locale.say('adminAudit.ofPerson', { name: subjectName });
  if (action === 'reset-code-made' && details['isDeviceLost'] === 'true') {
    return locale.say('adminAudit.lostDevice', { actor, name });
  }
  if (action === 'account-registered' && details['state'] === 'pending') {
    return locale.say('adminAudit.accountAsked', { actor });
  }
  return locale.say(`adminAudit.${action}`, { actor, name, detail: detailOf(locale, entry) });
}

/** Whoever did it, in the form that begins a sentence. Of a deleted account no name is left. */
function actorWords(locale: AdminLocale, { actorUid, actor }: ServerAuditEntry): string {
  if (actorUid === 'host') return locale.say('adminAudit.byHost');
  if (actorUid === 'cli') return locale.say('adminAudit.byCli');
  if (actorUid === 'server') return locale.say('adminAudit.byServer');
  return actor === ''
    ? locale.say('adminAudit.byDeleted')
    : locale.say('adminAudit.byPerson', { name: actor });
}

const roles = { owner: 'online.roleOwner', admin: 'online.roleAdmin', member: 'online.roleMember' } as const;
const policies = {
  open: 'overview.signUpOpen',
  approval: 'overview.signUpApproval',
  invitation: 'overview.signUpInvitation',
  closed: 'overview.signUpClosed',
} as const;
const isRole = (text: string): text is keyof typeof roles => Object.hasOwn(roles, text);
const isPolicy = (text: string): text is keyof typeof policies => Object.hasOwn(policies, text);

/** What a sentence says beside the names: a role, a policy, names of settings or files. */
function detailOf(locale: AdminLocale, { action, details }: ServerAuditEntry): string {
  const texts = Object.entries(details).filter(([key]) => key !== 'roomUid');
  const first = texts[0]?.[1] ?? '';
  if (action === 'server-role-changed' || action === 'role-changed') {
    return isRole(first) ? locale.say(roles[first]) : first;
  }
  if (action === 'sign-up-changed') return isPolicy(first) ? locale.say(policies[first]) : first;
  if (action === 'policies-changed') return policyWords(locale, details);
  if (action === 'room-policies-changed') return roomPolicyWords(locale, details);
  return texts.map(([, value]) => value).join(', ');
}

const isReceipts = (text: string): text is ReadReceipts =>
  text === 'everyone' || text === 'sender' || text === 'off';

function policyWords(
  locale: AdminLocale,
  { readReceipts, recallHours }: ServerAuditEntry['details'],
): string {
  const words: string[] = [];
  if (readReceipts !== undefined && isReceipts(readReceipts)) {
    words.push(`${locale.say('policies.receipts')}: ${locale.say(`policies.receipts.${readReceipts}`)}`);
  }
  if (recallHours !== undefined) {
    words.push(`${locale.say('policies.recall')}: ${recallText(locale, Number(recallHours))}`);
  }
  return words.join(', ');
}

function roomPolicyWords(locale: AdminLocale, details: ServerAuditEntry['details']): string {
  const who = (value: string): string =>
    locale.t(value === 'admins' ? 'roomSettings.admins' : 'roomSettings.everyone');
  const { post, invite, mentionAll, isListed } = details;
  const words: string[] = [];
  if (post !== undefined) words.push(`${locale.t('roomSettings.post')}: ${who(post)}`);
  if (invite !== undefined) words.push(`${locale.t('roomSettings.invite')}: ${who(invite)}`);
  if (mentionAll !== undefined) words.push(`${locale.t('roomSettings.mentionAll')}: ${who(mentionAll)}`);
  if (isListed !== undefined) words.push(locale.t(isListed === 'true' ? 'audit.listed' : 'audit.unlisted'));
  return words.join(', ');
}

import type { ServerAuditEntry } from '#contract/admin-people.ts';
import type { AdminLocale, PlainAdminKey } from '../../locales/admin-locale.ts';

/** The sentence of each action. The compiler compares them with the words, the tests with the server's list. */
const sentences = {
  'owner-registered': 'adminAudit.ownerRegistered',
  'account-deleted': 'adminAudit.accountDeleted',
  'vault-replaced': 'adminAudit.vaultReplaced',
  'vault-given-back': 'adminAudit.vaultGivenBack',
  'password-changed': 'adminAudit.passwordChanged',
  'account-recovered': 'adminAudit.accountRecovered',
  'reset-code-made': 'adminAudit.resetCodeMade',
  'identity-reset': 'adminAudit.identityReset',
  'identity-succeeded': 'adminAudit.identitySucceeded',
  'account-registered': 'adminAudit.accountRegistered',
  'account-approved': 'adminAudit.accountApproved',
  'account-declined': 'adminAudit.accountDeclined',
  'account-disabled': 'adminAudit.accountDisabled',
  'account-enabled': 'adminAudit.accountEnabled',
  'server-role-changed': 'adminAudit.serverRoleChanged',
  'invitation-made': 'adminAudit.invitationMade',
  'invitation-revoked': 'adminAudit.invitationRevoked',
  'settings-changed': 'adminAudit.settingsChanged',
  'sign-up-changed': 'adminAudit.signUpChanged',
  'policies-changed': 'adminAudit.policiesChanged',
  'server-restarted': 'adminAudit.serverRestarted',
  'backup-made': 'adminAudit.backupMade',
  'backup-deleted': 'adminAudit.backupDeleted',
  'restore-staged': 'adminAudit.restoreStaged',
  'backup-restored': 'adminAudit.backupRestored',
  'room-renamed': 'adminAudit.roomRenamed',
  'room-described': 'adminAudit.roomDescribed',
  'room-picture-changed': 'adminAudit.roomPicture',
  'room-policies-changed': 'adminAudit.roomPolicies',
  'room-history-changed': 'adminAudit.roomHistory',
  'role-changed': 'adminAudit.roleChanged',
  'room-handed-over': 'adminAudit.roomHandedOver',
  'member-kicked': 'adminAudit.memberKicked',
  'request-accepted': 'adminAudit.requestAccepted',
  'request-declined': 'adminAudit.requestDeclined',
  'message-pinned': 'adminAudit.messagePinned',
  'message-unpinned': 'adminAudit.messageUnpinned',
  'notice-raised': 'adminAudit.noticeRaised',
  'notice-lowered': 'adminAudit.noticeLowered',
  'room-given-back': 'adminAudit.roomGivenBack',
} as const;

export type KnownAction = keyof typeof sentences;

/** What an action is called where one is chosen. */
export const actionNames = {
  'owner-registered': 'adminAudit.name.ownerRegistered',
  'account-deleted': 'adminAudit.name.accountDeleted',
  'vault-replaced': 'adminAudit.name.vaultReplaced',
  'vault-given-back': 'adminAudit.name.vaultGivenBack',
  'password-changed': 'adminAudit.name.passwordChanged',
  'account-recovered': 'adminAudit.name.accountRecovered',
  'reset-code-made': 'adminAudit.name.resetCodeMade',
  'identity-reset': 'adminAudit.name.identityReset',
  'identity-succeeded': 'adminAudit.name.identitySucceeded',
  'account-registered': 'adminAudit.name.accountRegistered',
  'account-approved': 'adminAudit.name.accountApproved',
  'account-declined': 'adminAudit.name.accountDeclined',
  'account-disabled': 'adminAudit.name.accountDisabled',
  'account-enabled': 'adminAudit.name.accountEnabled',
  'server-role-changed': 'adminAudit.name.serverRoleChanged',
  'invitation-made': 'adminAudit.name.invitationMade',
  'invitation-revoked': 'adminAudit.name.invitationRevoked',
  'settings-changed': 'adminAudit.name.settingsChanged',
  'sign-up-changed': 'adminAudit.name.signUpChanged',
  'policies-changed': 'adminAudit.name.policiesChanged',
  'server-restarted': 'adminAudit.name.serverRestarted',
  'backup-made': 'adminAudit.name.backupMade',
  'backup-deleted': 'adminAudit.name.backupDeleted',
  'restore-staged': 'adminAudit.name.restoreStaged',
  'backup-restored': 'adminAudit.name.backupRestored',
  'room-renamed': 'adminAudit.name.roomRenamed',
  'room-described': 'adminAudit.name.roomDescribed',
  'room-picture-changed': 'adminAudit.name.roomPicture',
  'room-policies-changed': 'adminAudit.name.roomPolicies',
  'room-history-changed': 'adminAudit.name.roomHistory',
  'role-changed': 'adminAudit.name.roleChanged',
  'room-handed-over': 'adminAudit.name.roomHandedOver',
  'member-kicked': 'adminAudit.name.memberKicked',
  'request-accepted': 'adminAudit.name.requestAccepted',
  'request-declined': 'adminAudit.name.requestDeclined',
  'message-pinned': 'adminAudit.name.messagePinned',
  'message-unpinned': 'adminAudit.name.messageUnpinned',
  'notice-raised': 'adminAudit.name.noticeRaised',
  'notice-lowered': 'adminAudit.name.noticeLowered',
  'room-given-back': 'adminAudit.name.roomGivenBack',
} as const satisfies Record<KnownAction, PlainAdminKey>;

/** The actions that a log can be narrowed to, in the groups they are offered in. */
export const actionGroups: readonly { name: PlainAdminKey; actions: readonly KnownAction[] }[] = [
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
];

const isKnown = (action: string): action is KnownAction => Object.hasOwn(sentences, action);

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
  return locale.say(sentences[action], { actor, name, detail: detailOf(locale, entry) });
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
  if (action === 'policies-changed' || action === 'room-policies-changed') {
    return texts.map(([key, value]) => `${key}: ${value}`).join(', ');
  }
  return texts.map(([, value]) => value).join(', ');
}

/** `admin sign-up`, `invite`, `invitations`, `settings`, `policies`, `audit`, `overview`, `online`, `log`, `restart`. */
import { AdminLogLevel, SignUpPolicy } from '#contract/admin.ts';
import type { SettingValue } from '#contract/admin.ts';
import type { Invitation, ServerAuditEntry } from '#contract/admin-people.ts';
import { ServerPolicies } from '#contract/policies.ts';
import { limits } from '#contract/limits.ts';
import { UsageError } from './admin-arguments.ts';
import type { Command, Context, Result } from './admin-context.ts';
import { NotThereError, choiceOf, findPerson, numberOf, valueOf, wordAt } from './admin-context.ts';
import { table, timeText } from './admin-table.ts';
import { exportAudit } from './audit-file.ts';

const signUp: Command = async ({ ask, say, args }) => {
  const wanted = args.words[1];
  const value =
    wanted === undefined
      ? { signUp: (await ask('admin:overview', {})).signUp }
      : await ask('admin:set-sign-up', { signUp: choiceOf(wanted, SignUpPolicy.options) });
  return { value, text: say('signUpIs', say(`signUp_${value.signUp}`)) };
};

const invite: Command = async (context) => {
  const uses = numberOf(context, 'uses');
  const days = numberOf(context, 'days');
  const note = valueOf(context, 'note');
  const value = await context.ask('admin:make-invitation', {
    ...(uses === undefined ? {} : { uses }),
    ...(days === undefined ? {} : { days }),
    ...(note === undefined ? {} : { note }),
  });
  const { usesMax, endsAt } = value.invitation;
  return { value, text: `${context.say('invited', usesMax, timeText(endsAt))}\n  ${value.code}` };
};

const invitationRow = ({ say }: Context, invitation: Invitation): string[] => [
  invitation.invitationUid,
  say(`invitation_${invitation.state}`),
  `${invitation.uses}/${invitation.usesMax}`,
  timeText(invitation.endsAt),
  invitation.note,
  invitation.madeBy,
];

const invitations: Command = async (context) => {
  const { ask, say, sure, args } = context;
  if (args.words[1] !== undefined) {
    choiceOf(args.words[1], ['revoke']);
    const invitationUid = wordAt(context, 2, '<id>');
    await sure(say('askRevoke', invitationUid));
    return { value: await ask('admin:revoke-invitation', { invitationUid }), text: say('revoked') };
  }
  const value = await ask('admin:invitations', {});
  const rows = value.invitations.map((invitation) => invitationRow(context, invitation));
  return { value, text: rows.length === 0 ? say('nothing') : table(rows) };
};

const shown = (value: SettingValue): string => (Array.isArray(value) ? value.join(' ') : String(value ?? ''));

/** What somebody typed, as the kind of value that the setting has. */
function settingValue(typed: string, kind: string): SettingValue {
  if (typed === 'default') return null;
  if (kind === 'number') return /^-?[0-9]{1,15}$/.test(typed) ? Number(typed) : typed;
  if (kind === 'flag') return typed === 'true' ? true : typed === 'false' ? false : typed;
  return kind === 'networks' ? typed.split(/[\s,]+/) : typed;
}

const settings: Command = async ({ ask, say, args }) => {
  const present = await ask('admin:settings', {});
  const [, key, typed] = args.words;
  if (key === undefined) {
    const rows = present.settings.map((setting) => [setting.key, shown(setting.nextValue), setting.source]);
    return { value: present, text: table(rows) };
  }
  const setting = present.settings.find((candidate) => candidate.key === key);
  if (setting === undefined) throw new UsageError('value-wrong', key);
  if (typed === undefined) return { value: setting, text: shown(setting.nextValue) };
  const value = await ask('admin:change-settings', { changes: { [key]: settingValue(typed, setting.kind) } });
  return { value, text: say('settingSet') };
};

const policies: Command = async (context) => {
  const { ask, say, args } = context;
  const key = args.words[1];
  if (key === undefined) {
    const value = await ask('admin:policies', {});
    return { value, text: table(Object.entries(value.policies).map(([name, own]) => [name, String(own)])) };
  }
  const typed = wordAt(context, 2, '<value>');
  const name = choiceOf(key, ['readReceipts', 'recallHours'] as const);
  const own = name === 'recallHours' && /^[0-9]{1,9}$/.test(typed) ? Number(typed) : typed;
  const parsed = ServerPolicies.shape[name].safeParse(own);
  if (!parsed.success) throw new UsageError('value-wrong', typed);
  return {
    value: await ask('admin:set-policies', { policies: { [name]: parsed.data } }),
    text: say('policySet'),
  };
};

/** The uid of a person, or what else the log names. */
async function aboutWhom(context: Context, typed: string): Promise<string> {
  if (['host', 'cli', 'server'].includes(typed)) return typed;
  try {
    return (await findPerson(context, typed)).userUid;
  } catch (error) {
    // a deleted account, or a room, by its id
    if (error instanceof NotThereError) return typed;
    throw error;
  }
}

const auditRow = (entry: ServerAuditEntry): string[] => [
  timeText(entry.at),
  entry.actor === '' ? entry.actorUid : entry.actor,
  entry.action,
  entry.subjectName === '' ? entry.subject : entry.subjectName,
  [
    ...(entry.roomTitle ? [entry.roomTitle] : []),
    ...Object.entries(entry.details).map(([name, value]) => `${name}=${value}`),
  ].join(' '),
];

const checkAudit = async ({ ask, say }: Context): Promise<Result> => {
  const value = await ask('admin:check-audit', {});
  if (value.isIntact) return { value, text: say('intact', value.entries, value.head) };
  const text = value.brokenId === null ? say('cutOff') : say('broken', value.brokenId);
  return { value, text, exitCode: 1 };
};

const audit: Command = async (context) => {
  const { ask, say, args } = context;
  if (args.words[1] !== undefined) {
    const wanted = choiceOf(args.words[1], ['check', 'export']);
    return wanted === 'check' ? checkAudit(context) : exportAudit(context);
  }
  const actions = valueOf(context, 'actions');
  const about = valueOf(context, 'about');
  const wanted = numberOf(context, 'limit') ?? 50;
  const wish = {
    ...(actions === undefined ? {} : { actions }),
    ...(about === undefined ? {} : { about: await aboutWhom(context, about) }),
  };
  const entries: ServerAuditEntry[] = [];
  let hasMore = true;
  while (hasMore && entries.length < wanted) {
    const before = entries.at(-1)?.id;
    const limit = Math.min(wanted - entries.length, limits.auditPageSize);
    const page = await ask('admin:audit', { ...wish, limit, ...(before === undefined ? {} : { before }) });
    entries.push(...page.entries);
    ({ hasMore } = page);
  }
  const text = entries.length === 0 ? say('nothing') : table(entries.map(auditRow));
  return { value: { entries, hasMore }, text };
};

const overview: Command = async ({ ask, say, isRunning }) => {
  const value = await ask('admin:overview', {});
  const { counts } = await ask('admin:people', { limit: 1 });
  const lines = [
    `Maru ${value.version}`,
    ...(isRunning ? value.addresses.map(({ url }) => url) : [say('notRunning')]),
    say('signUpIs', say(`signUp_${value.signUp}`)),
    say('counts', counts.active, counts.pending, counts.disabled),
    value.dataDir,
    ...value.problems,
  ];
  return { value: { ...value, isRunning, counts }, text: lines.join('\n') };
};

function whileRunning(command: Command): Command {
  return (context) => {
    if (!context.isRunning) throw new NotThereError('notRunning', '');
    return command(context);
  };
}

const online = whileRunning(async ({ ask, say }) => {
  const value = await ask('admin:online', {});
  const rows = value.people.map((person) => [
    `@${person.username}`,
    person.displayName,
    String(person.connections),
  ]);
  return { value, text: rows.length === 0 ? say('nothing') : table(rows) };
});

const log = whileRunning(async (context) => {
  const level = valueOf(context, 'level');
  const limit = numberOf(context, 'limit');
  const query = context.args.words.slice(1).join(' ');
  const value = await context.ask('admin:log', {
    ...(level === undefined ? {} : { level: choiceOf(level, AdminLogLevel.options) }),
    ...(limit === undefined ? {} : { limit }),
    ...(query === '' ? {} : { query }),
  });
  const rows = value.lines.map((line) => [timeText(line.at), line.level, line.area, line.text]);
  return { value, text: rows.length === 0 ? context.say('nothing') : table(rows) };
});

const restart = whileRunning(async ({ ask, say, sure }) => {
  await sure(say('askRestart'));
  return { value: await ask('admin:restart', {}), text: say('restarting') };
});

export const serverCommands = {
  'sign-up': signUp,
  invite,
  invitations,
  settings,
  policies,
  audit,
  overview,
  online,
  log,
  restart,
} as const satisfies Record<string, Command>;

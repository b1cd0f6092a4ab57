import type { RoomAuditEntry } from '#contract/room-administration.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { append, h, replaceContent } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { notice } from '../../ui/notice.ts';
import { personName } from '../../ui/person-label.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';

/** What the owner and admins of a room have done, newest first, a page at a time; the whole of it as a file. */
export function openRoomAudit(context: PageContext, roomUid: string): void {
  const { app, locale } = context;
  const list = h('ol', { class: 'audit', role: 'list' });
  const foot = h('div', { class: 'audit__more' }, skeletonRows(4, locale.t('common.loading')));
  let oldest: number | undefined;

  const load = async (): Promise<void> => {
    const result = await app.actions.administration.audit(roomUid, oldest);
    if (!result.ok) {
      const retry = button({ label: locale.t('common.retry'), kind: 'link', onClick: () => drop(load()) });
      replaceContent(foot, notice('bad', locale.failure(result), ' ', retry));
      return;
    }
    const { entries, hasMore } = result.value;
    append(list, ...entries.map((entry) => auditRow(context, entry)));
    oldest = entries.at(-1)?.id ?? oldest;
    const more = button({ label: locale.t('audit.older'), onClick: () => drop(load()) });
    const isEmpty = list.childElementCount === 0;
    replaceContent(foot, isEmpty ? emptyState({ title: locale.t('audit.none') }) : hasMore && more);
  };
  const csv = h(
    'a',
    {
      class: 'button',
      href: `/api/rooms/${roomUid}/admin-audit-logs?format=csv`,
      download: `room-audit-${roomUid}.csv`,
    },
    icon('download', 's'),
    h('span', {}, locale.t('audit.csv')),
  );
  const dialog = openDialog({
    title: locale.t('audit.title'),
    closeLabel: locale.t('common.close'),
    body: [h('p', { class: 'dialog__text' }, locale.t('audit.lead')), list, foot],
    foot: [
      h('span', { class: 'dialog__foot-side' }, csv),
      button({ label: locale.t('common.close'), kind: 'primary', onClick: () => dialog.close() }),
    ],
  });
  drop(load());
}

function auditRow({ app, locale }: PageContext, entry: RoomAuditEntry): HTMLElement {
  const people = app.stores.people.get().byUid;
  const actor = personName(locale, people.get(entry.actorUid));
  const name = personName(locale, people.get(entry.subject));
  return h(
    'li',
    { class: 'audit__row' },
    h('span', { class: 'audit__text' }, sentence({ app, locale }, entry, { actor, name })),
    h('time', { class: 'audit__time' }, locale.moment(entry.at, app.clock.now())),
  );
}

type Names = { actor: string; name: string };

function sentence(
  { locale }: Pick<PageContext, 'app' | 'locale'>,
  { action, details }: RoomAuditEntry,
  { actor, name }: Names,
): string {
  switch (action) {
    case 'room-renamed':
      return locale.t('audit.renamed', { actor, title: details['title'] ?? '' });
    case 'room-described':
      return locale.t('audit.described', { actor });
    case 'room-picture-changed':
      return locale.t('audit.picture', { actor });
    case 'room-policies-changed':
      return locale.t('audit.policies', { actor, changes: policyWords(locale, details) });
    case 'room-history-changed':
      return locale.t(details['history'] === 'on' ? 'audit.historyOn' : 'audit.historyOff', { actor });
    case 'role-changed':
      return locale.t(details['role'] === 'admin' ? 'audit.madeAdmin' : 'audit.madeMember', { actor, name });
    case 'room-handed-over':
      return locale.t(details['reason'] === 'left' ? 'audit.handedOverLeaving' : 'audit.handedOver', {
        actor,
        name,
      });
    case 'member-kicked':
      return locale.t('audit.kicked', { actor, name });
    case 'request-accepted':
      return locale.t('audit.accepted', { actor, name });
    case 'request-declined':
      return locale.t('audit.declined', { actor, name });
    case 'message-pinned':
      return locale.t('audit.pinned', { actor });
    case 'message-unpinned':
      return locale.t('audit.unpinned', { actor });
    case 'notice-raised':
      return locale.t('audit.noticeRaised', { actor });
    case 'notice-lowered':
      return locale.t('audit.noticeLowered', { actor });
    case 'room-given-back':
      return locale.t('audit.givenBack', { actor });
    default:
      return assertNever(action);
  }
}

function assertNever(action: never): never {
  throw new TypeError(`unknown action: ${String(action)}`);
}

function policyWords(locale: PageContext['locale'], details: Record<string, string>): string {
  const who = (value: string): string =>
    locale.t(value === 'admins' ? 'roomSettings.admins' : 'roomSettings.everyone');
  const words: string[] = [];
  const { post, invite, mentionAll, isListed } = details;
  if (post !== undefined) words.push(`${locale.t('roomSettings.post')}: ${who(post)}`);
  if (invite !== undefined) words.push(`${locale.t('roomSettings.invite')}: ${who(invite)}`);
  if (mentionAll !== undefined) words.push(`${locale.t('roomSettings.mentionAll')}: ${who(mentionAll)}`);
  if (isListed !== undefined) words.push(locale.t(isListed === 'true' ? 'audit.listed' : 'audit.unlisted'));
  return words.join(', ');
}

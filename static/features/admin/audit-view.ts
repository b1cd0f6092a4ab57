import type { AuditCheck, ServerAuditEntry } from '#contract/admin-people.ts';
import { button } from '../../ui/button.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { notice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import type { AdminContext, Period } from './admin-context.ts';
import { createAuditFilter } from './audit-filter.ts';
import type { AuditSubject } from './audit-filter.ts';
import { auditSentence } from './audit-sentence.ts';
import { pageHead } from './page-head.ts';
import { createPager } from './pager.ts';

const pageSize = 50;

/** What administrators did and what happened to the server, newest first, and whether the chain of entries still holds. */
export function createAuditView(context: AdminContext, about: AuditSubject | null): View {
  const { bridge, locale } = context;
  const check = h('div', { class: 'audit-check', role: 'status' });
  const body = h('div', {}, skeletonRows(8, locale.say('admin.loading')));
  const pager = createPager<number>(locale, () => drop(load()));
  const filter = createAuditFilter(context, about, () => {
    pager.reset();
    download?.update();
    drop(load());
  });
  const download = createDownload(context, filter.value);
  let brokenId: number | null = null;
  let entries: readonly ServerAuditEntry[] | null = null;
  let request = 0;

  const load = async (): Promise<void> => {
    request += 1;
    const mine = request;
    const before = pager.cursor();
    const answer = await bridge.call('admin:audit', {
      limit: pageSize,
      ...filter.value(),
      ...(before === undefined ? {} : { before }),
    });
    if (mine !== request) return;
    if (!answer.ok) {
      const retry = button({ label: locale.t('common.retry'), kind: 'link', onClick: () => drop(load()) });
      replaceContent(body, notice('bad', locale.failure(answer), ' ', retry));
      return;
    }
    ({ entries } = answer.value);
    const last = entries[entries.length - 1];
    const next = answer.value.hasMore && last !== undefined ? last.id : null;
    pager.show({ shown: entries.length, total: null, next });
    paint();
  };
  const paint = (): void => {
    if (entries === null) return;
    replaceContent(body, entries.length === 0 ? nothing(locale) : table(locale, entries, brokenId));
  };
  const verify = async (): Promise<void> => {
    const answer = await bridge.call('admin:check-audit', {});
    if (!answer.ok) return replaceContent(check, notice('warn', locale.failure(answer)));
    ({ brokenId } = answer.value);
    replaceContent(check, checkNotice(locale, answer.value));
    return brokenId === null ? undefined : paint();
  };
  drop(load());
  drop(verify());
  return {
    element: h(
      'div',
      { class: 'admin-audit' },
      pageHead(locale.say('admin.audit'), [locale.say('adminAudit.lead')]),
      check,
      filter.element,
      download?.element ?? null,
      body,
      pager.element,
    ),
    dispose: () => {
      request += 1;
      filter.dispose();
    },
  };
}

/** Links to the whole log of the chosen days; null where there is nothing to download it with. */
function createDownload(
  { locale, auditFile }: AdminContext,
  period: () => Period,
): { element: HTMLElement; update: () => void } | null {
  if (auditFile === null) return null;
  const formats = ['csv', 'json'] as const;
  const links = formats.map((format) =>
    h(
      'a',
      { class: 'button', href: auditFile(format, period()), download: '' },
      icon('download', 's'),
      h('span', {}, locale.say(format === 'csv' ? 'adminAudit.csv' : 'adminAudit.json')),
    ),
  );
  return {
    element: h(
      'div',
      { class: 'audit-download', role: 'group', 'aria-label': locale.say('adminAudit.download') },
      ...links,
      h('span', { class: 'audit-download__hint' }, locale.say('adminAudit.downloadHint')),
    ),
    update: () => {
      for (const [index, format] of formats.entries()) {
        const link = links[index];
        if (link !== undefined) link.href = auditFile(format, period());
      }
    },
  };
}

/** Green, or what is wrong and what it means; the newest hash for whoever wants to write it down. */
function checkNotice(locale: AdminLocale, { isIntact, entries, brokenId, head }: AuditCheck): HTMLElement {
  if (!isIntact) {
    const sentence =
      brokenId === null
        ? locale.say('adminAudit.cutOff')
        : locale.say('adminAudit.broken', { id: String(brokenId) });
    return notice('bad', sentence);
  }
  return notice(
    'good',
    locale.say('adminAudit.intact', { count: entries }),
    entries > 0 &&
      h(
        'span',
        { class: 'audit-check__head' },
        locale.say('adminAudit.head'),
        ' ',
        h('code', { class: 'audit-check__hash' }, head),
      ),
  );
}

const nothing = (locale: AdminLocale): HTMLElement =>
  emptyState({
    icon: 'scroll-text',
    title: locale.say('adminAudit.none'),
    text: locale.say('adminAudit.noneText'),
  });

const table = (
  locale: AdminLocale,
  entries: readonly ServerAuditEntry[],
  brokenId: number | null,
): HTMLElement =>
  h(
    'div',
    { class: 'table-box scroll', tabindex: 0, role: 'region', 'aria-label': locale.say('admin.audit') },
    h(
      'table',
      { class: 'table admin-audit__table' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col', class: 'table__number' }, locale.say('adminAudit.entry')),
          h('th', { scope: 'col' }, locale.say('adminAudit.at')),
          h('th', { scope: 'col' }, locale.say('adminAudit.what')),
        ),
      ),
      h('tbody', {}, ...entries.map((entry) => row(locale, entry, entry.id === brokenId))),
    ),
  );

const row = (locale: AdminLocale, entry: ServerAuditEntry, isBroken: boolean): HTMLElement =>
  h(
    'tr',
    { class: isBroken ? 'admin-audit__row--broken' : undefined },
    h('td', { class: 'table__number admin-audit__id' }, String(entry.id)),
    h(
      'td',
      { class: 'admin-audit__at' },
      h('time', {}, h('span', {}, locale.date(entry.at)), ' ', h('span', {}, locale.second(entry.at))),
    ),
    h(
      'td',
      { class: 'admin-audit__what' },
      auditSentence(locale, entry),
      entry.roomTitle !== undefined &&
        entry.roomTitle !== '' &&
        h('span', { class: 'admin-audit__room' }, entry.roomTitle),
      isBroken &&
        h(
          'span',
          { class: 'admin-audit__broken' },
          icon('triangle-alert', 's'),
          locale.say('adminAudit.brokenHere'),
        ),
    ),
  );

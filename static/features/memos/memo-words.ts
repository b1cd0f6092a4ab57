/** Memos in words. */
import type { Locale } from '../../locales/locale.ts';
import { personName } from '../../ui/person-label.ts';
import type { PageContext } from '../../page-context.ts';
import type { MemoEntry } from './memo-state.ts';

const previewMax = 140;

/** One line of what a memo says, or why it says nothing here. */
export function previewOf(locale: Locale, { content }: MemoEntry): string {
  switch (content.state) {
    case 'open':
      return content.text
        .slice(0, previewMax * 2)
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, previewMax);
    case 'closed':
      return locale.t('memos.notOpened');
    case 'recalled':
      return locale.t('memos.recalled');
    case 'unreadable':
      return locale.t('memos.unreadable');
    default:
      return content satisfies never;
  }
}

/** "김민수 외 3명": whom a memo of mine goes to. */
export function readerNames({ app, locale }: PageContext, { memo, content }: MemoEntry): string {
  const uids = content.state === 'open' ? content.readerUids : (memo.readerUids ?? []);
  const { byUid } = app.stores.people.get();
  const [first = ''] = uids.map((uid) => personName(locale, byUid.get(uid)));
  const others = (memo.counts?.readers ?? uids.length) - 1;
  return others > 0 ? locale.t('memos.andOthers', { name: first, count: others }) : first;
}

/** These people with their names, in the order of this language. */
export function sortedByName(
  { app, locale }: PageContext,
  uids: readonly string[],
): { userUid: string; name: string }[] {
  const { byUid } = app.stores.people.get();
  return uids
    .map((userUid) => ({ userUid, name: personName(locale, byUid.get(userUid)) }))
    .sort((left, right) => locale.compare(left.name, right.name));
}

/** All their names, in the order of this language. */
export const allNames = (context: PageContext, uids: readonly string[]): string[] =>
  sortedByName(context, uids).map(({ name }) => name);

import type { RowContext } from './row-context.ts';
import type { TimelineItem } from './timeline-state.ts';

/** "A invited B and C." — in the words of what the epoch records say, not of what the server says. */
export function membershipText(
  { change, isFirst }: Extract<TimelineItem, { kind: 'membership' }>,
  { locale, nameOf }: RowContext,
): string {
  const names = (userUids: readonly string[]): string => locale.list(userUids.map(nameOf));
  const name = nameOf(change.creatorUid);
  if (isFirst) return locale.t('chat.created', { name });
  const sentences: string[] = [];
  if (change.added.length > 0) sentences.push(locale.t('chat.added', { name, people: names(change.added) }));
  if (change.removed.length > 0) sentences.push(locale.t('chat.removed', { people: names(change.removed) }));
  if (change.confirmed.length > 0) {
    sentences.push(locale.t('chat.confirmed', { name, people: names(change.confirmed) }));
  }
  if (change.history !== null)
    sentences.push(locale.t(change.history ? 'chat.historyOn' : 'chat.historyOff'));
  return sentences.join(' ');
}

/** A memo on paper: nothing but it, with who wrote it to whom and when. */
import { h } from '../../ui/h.ts';
import { personName } from '../../ui/person-label.ts';
import type { PageContext } from '../../page-context.ts';
import type { MemoEntry } from './memo-state.ts';
import { allNames } from './memo-words.ts';

/** Opens the browser's own print dialog. What is to be printed is in the page as long as that takes. */
export function printMemo(context: PageContext, { memo, content }: MemoEntry): void {
  if (content.state !== 'open') return;
  const { app, locale } = context;
  const sender = personName(locale, app.stores.people.get().byUid.get(memo.senderUid));
  const fact = (label: string, value: string): HTMLElement =>
    h('div', { class: 'memo-print__fact' }, h('dt', {}, label), h('dd', {}, value));
  const sheet = h(
    'article',
    { class: 'memo-print', 'aria-hidden': 'true' },
    h('h1', {}, locale.t('memos.title')),
    h(
      'dl',
      {},
      fact(locale.t('memos.printFrom'), sender),
      fact(locale.t('memos.printTo'), allNames(context, content.readerUids).join(', ')),
      fact(locale.t('memos.printTime'), locale.full(memo.deliverAt ?? memo.sentAt)),
    ),
    h('div', { class: 'memo-print__text' }, content.text),
  );
  // a browser that never said that it was done
  document.querySelector('.memo-print')?.remove();
  document.body.append(sheet);
  window.addEventListener('afterprint', () => sheet.remove(), { once: true });
  window.print();
}

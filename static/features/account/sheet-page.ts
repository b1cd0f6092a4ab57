import { h } from '../../ui/h.ts';
import { qrCode } from '../../ui/qr-code.ts';
import { saveTextFile } from '../../ui/save-file.ts';
import type { Locale } from '../../locales/locale.ts';

/** What stands on a sheet beside its groups. */
export type SheetFacts = { groups: readonly string[]; username: string; server: string; madeAt: number };

/** What the QR code holds: the groups as they are typed. */
export const sheetText = (groups: readonly string[]): string => groups.join('-');

/** Prints one clean page (the print rules of account.css hide everything else) and forgets it again. */
export function printSheet(locale: Locale, facts: SheetFacts): void {
  const page = h(
    'div',
    { class: 'sheet-print', 'aria-hidden': 'true' },
    h('p', { class: 'sheet-print__title' }, locale.t('sheet.documentTitle')),
    h(
      'div',
      { class: 'sheet-print__facts' },
      ...factLines(locale, facts).flatMap(([name, value]) => [h('span', {}, name), h('b', {}, value)]),
    ),
    h(
      'div',
      { class: 'sheet-print__body' },
      h(
        'div',
        { class: 'sheet-print__groups' },
        ...facts.groups.map((group, index) =>
          h('span', {}, h('span', { class: 'sheet-print__number' }, index + 1), group),
        ),
      ),
      h('div', { class: 'sheet-print__qr' }, qrCode(sheetText(facts.groups), locale.t('sheet.qr'))),
    ),
    h('p', { class: 'sheet-print__purpose' }, locale.t('sheet.purpose')),
  );
  document.body.appendChild(page);
  const remove = (): void => {
    page.remove();
    removeEventListener('afterprint', remove);
  };
  addEventListener('afterprint', remove);
  print();
}

export function downloadSheet(locale: Locale, facts: SheetFacts): void {
  const numbered = facts.groups.map((group, index) => `${String(index + 1).padStart(2)}  ${group}`);
  const lines = [
    locale.t('sheet.documentTitle'),
    '',
    ...factLines(locale, facts).map(([name, value]) => `${name}: ${value}`),
    '',
    ...numbered,
    '',
    locale.t('sheet.purpose'),
    '',
  ];
  saveTextFile(locale.t('sheet.fileName', { name: facts.username }), lines.join('\r\n'));
}

const factLines = (locale: Locale, facts: SheetFacts): [string, string][] => [
  [locale.t('sheet.forWhom'), facts.username],
  [locale.t('sheet.server'), facts.server],
  [locale.t('sheet.date'), locale.full(facts.madeAt)],
];

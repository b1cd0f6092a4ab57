/** What helps to write formatted texts: marks around what is chosen, and a page that says how. A later piece. */
import { h } from '../../ui/h.ts';
import { openDialog } from '../../ui/dialog.ts';
import type { PageContext } from '../../page-context.ts';
import { formattedText } from './formatted-text.ts';
import { withMarks } from './selection-marks.ts';

/** Puts marks around what is chosen in a text box, or takes them away. The browser's own undo takes it back. */
export function markSelection(box: HTMLTextAreaElement, mark: string): void {
  const next = withMarks(box.value, box.selectionStart, box.selectionEnd, mark);
  box.setSelectionRange(next.from, next.to);
  // Only this old command leaves a step to undo; where it is refused the text is changed all the same.
  if (!document.execCommand('insertText', false, next.text)) {
    box.setRangeText(next.text, next.from, next.to);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  box.setSelectionRange(next.start, next.end);
}

/** How to write what, each with what becomes of it. */
export function openFormatHelp({ locale }: PageContext): void {
  const { t } = locale;
  const rows: readonly (readonly [typed: string, keys?: string])[] = [
    [`**${t('format.bold')}**`, 'Ctrl+B'],
    [`*${t('format.italic')}*`, 'Ctrl+I'],
    [`~~${t('format.strike')}~~`],
    [`\`${t('format.code')}\``],
    [`\`\`\`\n${t('format.block')}\n\`\`\``],
    [`> ${t('format.quote')}`],
    [`- ${t('format.list')}\n- ${t('format.list')}`],
    [`1. ${t('format.list')}\n2. ${t('format.list')}`],
    [`[${t('format.link')}](www.example.com)`],
  ];
  const table = h(
    'dl',
    { class: 'format-help' },
    ...rows.map(([typed, keys]) =>
      h(
        'div',
        { class: 'format-help__row' },
        h('dt', { class: 'format-help__typed' }, typed, keys !== undefined && h('kbd', {}, keys)),
        h('dd', { class: 'format-help__shown' }, ...formattedText(typed)),
      ),
    ),
  );
  openDialog({
    title: t('format.help'),
    closeLabel: t('common.close'),
    body: [h('p', { class: 'dialog__text' }, t('format.helpText')), table],
  });
}

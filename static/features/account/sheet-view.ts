import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { qrCode } from '../../ui/qr-code.ts';
import { drop } from '../../state/drop.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { Failure, Result } from '../../state/failure.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import type { AskedGroups } from './account-state.ts';
import { downloadSheet, printSheet, sheetText } from './sheet-page.ts';
import type { SheetFacts } from './sheet-page.ts';
import { createBusyLine } from './busy-line.ts';

export type SheetViewDeps = {
  context: PageContext;
  facts: SheetFacts;
  askedGroups: AskedGroups;
  busyText: string;
  finishLabel: string;
  /** Left out: the sentence of the failure's code. */
  failureText?: (failure: Failure) => string;
  onConfirm: (typed: readonly [string, string]) => Promise<Result<void>>;
  /** Goes on without the type-back; not offered for a replacement sheet. */
  onLater?: () => Promise<Result<void>>;
  onCancel: () => void;
};

/** The recovery sheet in two steps: keep it (print, save, write down), then type two groups back. */
export function createSheetView(deps: SheetViewDeps): View {
  const { locale } = deps.context;
  const disposables = createDisposables();
  const problem = createFormNotice();
  const busy = createBusyLine();
  const element = h('div', { class: 'sheet' });
  const body = h('div', {});
  let isBusy = false;

  const run = async (work: () => Promise<Result<void>>, onFailure?: () => void): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    problem.show(null);
    busy.show(deps.busyText);
    const result = await work();
    isBusy = false;
    busy.show(null);
    if (result.ok) return;
    problem.show(deps.failureText?.(result) ?? locale.failure(result));
    onFailure?.();
  };

  const showSheet = (): void => {
    problem.show(null);
    const { onLater } = deps;
    const next = button({ label: locale.t('sheet.next'), kind: 'primary', size: 'wide', onClick: showCheck });
    replaceContent(
      body,
      h('h1', { class: 'entrance__title', tabindex: -1 }, locale.t('sheet.title')),
      h('p', { class: 'sheet__lead' }, locale.t('sheet.lead')),
      sheetCard(deps),
      sheetTools(deps),
      next,
      h(
        'div',
        { class: 'entrance__links' },
        button({ label: locale.t('common.cancel'), kind: 'link', onClick: deps.onCancel }),
        onLater !== undefined &&
          button({ label: locale.t('sheet.later'), kind: 'link', onClick: () => drop(run(onLater)) }),
      ),
      onLater !== undefined && h('p', { class: 'sheet__later' }, locale.t('sheet.laterHint')),
    );
  };

  const showCheck = (): void => {
    const fields = deps.askedGroups.map((index) =>
      createField({
        label: locale.t('sheet.groupNumber', { number: index + 1 }),
        name: `group-${index + 1}`,
        isCode: true,
        maxLength: 9,
      }),
    );
    const confirm = (): void => {
      const typed = fields.map((field) => field.input.value);
      drop(
        run(
          () => deps.onConfirm([typed[0] ?? '', typed[1] ?? '']),
          () => fields[0]?.input.focus(),
        ),
      );
    };
    for (const field of fields) disposables.add(bindEnter({ box: field.input, onEnter: confirm }));
    replaceContent(
      body,
      h('h1', { class: 'entrance__title' }, locale.t('sheet.checkTitle')),
      h('p', { class: 'sheet__lead' }, locale.t('sheet.checkLead')),
      h('div', { class: 'sheet__asked' }, ...fields.map((field) => field.element)),
      button({ label: deps.finishLabel, kind: 'primary', size: 'wide', onClick: confirm }),
      h(
        'div',
        { class: 'entrance__links' },
        button({ label: locale.t('sheet.backToSheet'), kind: 'link', onClick: showSheet }),
      ),
    );
    fields[0]?.input.focus();
  };

  showSheet();
  element.appendChild(body);
  element.appendChild(problem.element);
  element.appendChild(busy.element);
  return { element, dispose: disposables.dispose };
}

function sheetCard({ context: { locale }, facts }: SheetViewDeps): HTMLElement {
  const groups = facts.groups.map((group, index) =>
    h('li', { class: 'sheet__group' }, h('span', { class: 'sheet__number' }, index + 1), group),
  );
  return h(
    'div',
    { class: 'sheet__card' },
    h('ol', { class: 'sheet__groups', 'aria-label': locale.t('sheet.groups') }, ...groups),
    h('div', { class: 'sheet__qr' }, qrCode(sheetText(facts.groups), locale.t('sheet.qr'))),
  );
}

function sheetTools({ context: { locale, toasts }, facts }: SheetViewDeps): HTMLElement {
  const save = (): void => {
    downloadSheet(locale, facts);
    toasts.show({ text: locale.t('sheet.downloaded') });
  };
  return h(
    'div',
    { class: 'button-row sheet__tools' },
    button({ label: locale.t('sheet.print'), icon: 'printer', onClick: () => printSheet(locale, facts) }),
    button({ label: locale.t('sheet.download'), icon: 'download', onClick: save }),
  );
}

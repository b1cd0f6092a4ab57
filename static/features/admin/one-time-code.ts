import { button } from '../../ui/button.ts';
import { copyText } from '../../ui/copy-text.ts';
import { drop } from '../../state/drop.ts';
import { h } from '../../ui/h.ts';
import type { AdminContext } from './admin-context.ts';

export type CodeFacts = {
  /** What stands above the code, on paper as well. */
  title: string;
  code: string;
  /** Name and value of what else must be on the paper: for whom, until when. */
  facts: readonly (readonly [name: string, value: string])[];
  /** How it is used, in a sentence or two. */
  purpose: string;
};

/** Four characters at a time, as a person reads them out; what the server wrote between them is left away. */
export const codeGroups = (code: string): readonly string[] => {
  const groups = code.split(/[\s-]+/).filter((part) => part !== '');
  return groups.length > 1 ? groups : (code.match(/.{1,4}/g) ?? []);
};

/** A code that is shown once: large groups, to be copied or printed. */
export function createCodeCard(
  context: AdminContext,
  { title, code, facts, purpose }: CodeFacts,
): HTMLElement {
  const { locale, toasts } = context;
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(code);
    toasts.show({
      text: locale.t(isCopied ? 'common.copied' : 'common.copyFailed'),
      isProblem: !isCopied,
      subject: 'copy',
    });
  };
  return h(
    'div',
    { class: 'code-card' },
    h(
      'ol',
      { class: 'code-card__groups', role: 'list', 'aria-label': title },
      ...codeGroups(code).map((group) => h('li', { class: 'code-card__group' }, group)),
    ),
    h(
      'dl',
      { class: 'facts code-card__facts' },
      ...facts.flatMap(([name, value]) => [
        h('dt', { class: 'facts__name' }, name),
        h('dd', { class: 'facts__value' }, value),
      ]),
    ),
    h(
      'div',
      { class: 'button-row' },
      button({ label: locale.say('code.copy'), icon: 'copy', onClick: () => drop(copy()) }),
      button({
        label: locale.say('code.print'),
        icon: 'printer',
        onClick: () => printCode({ title, code, facts, purpose }),
      }),
    ),
  );
}

/** Prints one clean page (the print rules of people.css hide everything else) and forgets it again. */
function printCode({ title, code, facts, purpose }: CodeFacts): void {
  const page = h(
    'div',
    { class: 'code-print', 'aria-hidden': 'true' },
    h('p', { class: 'code-print__title' }, title),
    h(
      'div',
      { class: 'code-print__facts' },
      ...facts.flatMap(([name, value]) => [h('span', {}, name), h('b', {}, value)]),
    ),
    h('p', { class: 'code-print__code' }, ...codeGroups(code).map((group) => h('span', {}, group))),
    h('p', {}, purpose),
  );
  document.body.appendChild(page);
  const remove = (): void => {
    page.remove();
    removeEventListener('afterprint', remove);
  };
  addEventListener('afterprint', remove);
  print();
}

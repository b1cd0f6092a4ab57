import { h, setText } from './h.ts';
import type { Child } from './h.ts';
import { icon } from './icon.ts';
import type { IconName } from './icon.ts';

type NoticeKind = 'plain' | 'good' | 'warn' | 'bad';

const icons: Record<NoticeKind, IconName> = {
  plain: 'info',
  good: 'check',
  warn: 'triangle-alert',
  bad: 'circle-alert',
};

/** A sentence that stands out; `bad` ones interrupt a screen reader because the user is waiting for the outcome. */
export function notice(kind: NoticeKind, ...content: Child[]): HTMLElement {
  return h(
    'div',
    {
      class: kind === 'plain' ? 'notice' : `notice notice--${kind}`,
      role: kind === 'bad' ? 'alert' : undefined,
    },
    icon(icons[kind], 's'),
    h('div', { class: 'notice__text' }, ...content),
  );
}

/** A place for the outcome of a form: empty until something went wrong. */
export function createFormNotice(): { readonly element: HTMLElement; show: (text: string | null) => void } {
  const text = h('div', { class: 'notice__text' });
  const row = h('div', { class: 'notice notice--bad', hidden: true }, icon('circle-alert', 's'), text);
  const element = h('div', { class: 'form-notice', role: 'alert' }, row);
  return {
    element,
    show: (sentence) => {
      row.hidden = sentence === null;
      setText(text, sentence ?? '');
    },
  };
}

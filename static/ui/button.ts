import { h } from './h.ts';
import { icon } from './icon.ts';
import type { IconName } from './icon.ts';

type ButtonInput = {
  label: string;
  onClick?: (event: MouseEvent) => void;
  kind?: 'plain' | 'primary' | 'danger' | 'danger-solid' | 'quiet' | 'link';
  icon?: IconName;
  size?: 'small' | 'normal' | 'wide';
  type?: 'button' | 'submit';
};

/** A button with words. */
export function button(input: ButtonInput): HTMLButtonElement {
  const { label, onClick, kind = 'plain', size = 'normal', type = 'button' } = input;
  const classes = ['button'];
  if (kind !== 'plain') classes.push(`button--${kind}`);
  if (size !== 'normal') classes.push(`button--${size}`);
  return h(
    'button',
    { type, class: classes.join(' '), on: onClick === undefined ? {} : { click: onClick } },
    input.icon !== undefined && icon(input.icon, 's'),
    h('span', {}, label),
  );
}

type IconButtonInput = {
  icon: IconName;
  label: string;
  onClick?: (event: MouseEvent) => void;
  class?: string;
};

/** A button that shows only an icon; its label is its name for screen readers and its tooltip. */
export function iconButton(input: IconButtonInput): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: input.class === undefined ? 'icon-button' : `icon-button ${input.class}`,
      'aria-label': input.label,
      title: input.label,
      on: input.onClick === undefined ? {} : { click: input.onClick },
    },
    icon(input.icon),
  );
}

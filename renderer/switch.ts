import { drop } from '../static/state/drop.ts';
import { h } from '../static/ui/h.ts';

export type SwitchInput = {
  id: string;
  label: string;
  hint?: string | undefined;
  isOn: boolean;
  isDisabled?: boolean;
  /** Gives how it is from then on: what could not be saved is as it was. */
  onChange: (isOn: boolean) => Promise<boolean>;
};

/** A setting that is on or off and counts at once. */
export function createSwitch({
  id,
  label,
  hint,
  isOn,
  isDisabled = false,
  onChange,
}: SwitchInput): HTMLElement {
  const box = h('input', {
    id,
    class: 'check__box',
    type: 'checkbox',
    disabled: isDisabled,
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
  });
  box.checked = isOn;
  const change = async (): Promise<void> => {
    box.checked = await onChange(box.checked);
  };
  box.addEventListener('change', () => drop(change()));
  return h(
    'label',
    { class: 'check' },
    box,
    h('span', {}, label, hint !== undefined && h('span', { class: 'check__hint', id: `${id}-hint` }, hint)),
  );
}

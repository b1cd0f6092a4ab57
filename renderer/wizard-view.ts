/** The first run, step by step. Every step can be left for later; what was set is set. */
import type { HostControls } from '../static/features/admin/admin-bridge.ts';
import type { AdminContext } from '../static/features/admin/admin-context.ts';
import { drop } from '../static/state/drop.ts';
import { button } from '../static/ui/button.ts';
import { h, replaceContent, setText } from '../static/ui/h.ts';
import { mark } from '../static/ui/mark.ts';
import { createViewSlot } from '../static/ui/view.ts';
import type { View } from '../static/ui/view.ts';
import { createComputerStep, createDoneStep, createSignUpStep } from './wizard-choices.ts';
import { createOwnerStep } from './wizard-owner.ts';
import { createPortStep } from './wizard-port.ts';

/** Where somebody is; it outlives the view, which goes away when the server has a problem. */
export type WizardProgress = { step: number };

export type WizardStepDeps = {
  context: AdminContext;
  host: HostControls;
  /** Says whether the step has what it needs: then its button is the main one and not "later". */
  setComplete: (isComplete: boolean) => void;
  /** Presses the step's button for whoever ends a line with the Enter key. */
  onEnter: () => void;
};

/** `leave` does what the step was for and says whether the next one may come. */
export type WizardStep = View & { title: string; leave: () => Promise<boolean> };

type WizardDeps = {
  context: AdminContext;
  host: HostControls;
  progress: WizardProgress;
  onDone: () => void;
};

const steps = [createOwnerStep, createSignUpStep, createPortStep, createComputerStep, createDoneStep];

export function createWizardView({ context, host, progress, onDone }: WizardDeps): View {
  const { locale } = context;
  const count = h('p', { class: 'wizard__count', id: 'wizard-count' });
  const title = h('h1', { class: 'wizard__title', tabindex: -1, 'aria-describedby': count.id });
  const body = h('div', { class: 'wizard__body' });
  const foot = h('div', { class: 'wizard__foot' });
  const slot = createViewSlot(body);
  const element = h(
    'main',
    { class: 'wizard scroll' },
    h(
      'div',
      { class: 'wizard__column' },
      h('div', { class: 'wizard__brand' }, mark('l'), h('span', {}, locale.say('wizard.title'))),
      h('div', { class: 'wizard__card' }, count, title, body, foot),
    ),
  );

  const show = (): void => {
    const create = steps[progress.step];
    if (create === undefined) return onDone();
    const isLast = progress.step === steps.length - 1;
    const next = button({ label: locale.say(isLast ? 'wizard.finish' : 'wizard.next'), kind: 'primary' });
    const setComplete = (isComplete: boolean): void => {
      setText(next, locale.say(isLast ? 'wizard.finish' : isComplete ? 'wizard.next' : 'wizard.skip'));
      next.classList.toggle('button--primary', isComplete);
    };
    const step = create({ context, host, setComplete, onEnter: () => next.click() });
    const go = async (): Promise<void> => {
      next.disabled = true;
      const isDone = await step.leave();
      next.disabled = false;
      if (!isDone) return;
      progress.step += 1;
      show();
    };
    next.addEventListener('click', () => drop(go()));
    setText(count, locale.say('wizard.step', { number: progress.step + 1, count: steps.length }));
    setText(title, step.title);
    slot.show(step);
    replaceContent(foot, progress.step > 0 && back(), next);
    // the first step is in the page only once the view has been returned
    queueMicrotask(() => title.focus());
  };
  const back = (): HTMLElement =>
    button({
      label: locale.say('wizard.back'),
      kind: 'quiet',
      onClick: () => {
        progress.step -= 1;
        show();
      },
    });
  show();
  return { element, dispose: slot.dispose };
}

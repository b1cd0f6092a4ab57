import { createSignInView } from './features/account/sign-in-view.ts';
import { entranceFrame } from './features/account/entrance-frame.ts';
import type { PageContext } from './page-context.ts';
import { drop } from './state/drop.ts';
import { h } from './ui/h.ts';
import { createViewSlot } from './ui/view.ts';
import type { View } from './ui/view.ts';

/** Signing in and signing up on one page. What was typed into a form survives a refusal. */
export function createEntranceView(context: PageContext): View {
  const content = h('div', {});
  const slot = createViewSlot(content);
  const element = entranceFrame(context, [content]);

  let shows = 0;
  const showSignIn = (): void => {
    shows += 1;
    slot.show(createSignInView({ context, username: '', onSignUp: showSignUp }));
    focusFirst(element);
  };
  // Most people sign up once and sign in often: the longer form is a piece of its own.
  const showSignUp = (): void => {
    shows += 1;
    const mine = shows;
    context.later.use('signUp', ({ createSignUpView }) => {
      if (mine !== shows) return;
      slot.show(createSignUpView({ context, onSignIn: showSignIn }));
      focusFirst(element);
    });
  };
  const { account } = context.app.stores;
  const isSetUpNeeded = (): boolean => account.get().serverInfo?.isSetUpNeeded === true;
  // What was true when the page opened need not be: somebody else may have made the first account since.
  const stop = account.subscribe(isSetUpNeeded, (isNeeded) => !isNeeded && showSignIn());
  // an invitation leads straight to the form, also one that is pasted into the address of this page
  const showInvited = (): void => {
    if (location.hash.startsWith('#invite=')) showSignUp();
  };
  addEventListener('hashchange', showInvited);
  if (isSetUpNeeded()) {
    showSignUp();
    drop(context.app.actions.account.refreshServerInfo());
  } else {
    showSignIn();
    showInvited();
  }
  const dispose = (): void => {
    stop();
    removeEventListener('hashchange', showInvited);
    shows += 1;
    slot.dispose();
  };
  return { element, dispose };
}

/** On a phone this would bring up the keyboard over the page before it was read. */
function focusFirst(element: HTMLElement): void {
  if (matchMedia('(pointer: coarse)').matches) return;
  requestAnimationFrame(() => element.querySelector<HTMLInputElement>('input')?.focus());
}

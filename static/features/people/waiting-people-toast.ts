/** Tells an administrator that somebody waits to be let in. A later piece. */
import type { PageContext } from '../../page-context.ts';

const subject = 'waiting-people';

/** For who waits already, and again for everybody who comes to wait. Gives how to stop it. */
export function tellWaitingPeople({ app, locale, toasts }: PageContext): () => void {
  const tell = (count: number, before: number): void => {
    if (count === 0) toasts.remove(subject);
    if (count <= before) return;
    const text = locale.t('admin.waiting', { count });
    const open = (): void => location.assign('/admin#/people/pending');
    toasts.show({ text, subject, action: { label: locale.t('admin.waitingOpen'), onClick: open } });
  };
  const { waitingPeople } = app.stores;
  tell(waitingPeople.get(), 0);
  const stop = waitingPeople.subscribe((count) => count, tell);
  return () => {
    stop();
    // whoever comes to the screen after a sign-out must not read it
    toasts.remove(subject);
  };
}

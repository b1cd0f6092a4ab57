import type { ConnectionState } from '../../connection/connection-state.ts';
import type { ReadableStore } from '../../state/store.ts';
import { h } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';

/** A blip shorter than this is nobody's business. */
const quietMs = 1_500;

/** Says above every page that what it shows is no longer the present, while the server does not answer. */
export function createConnectionLine(
  { locale, announce }: Pick<AdminContext, 'locale' | 'announce'>,
  state: ReadableStore<ConnectionState>,
): View {
  const element = h(
    'div',
    { class: 'connection-line', hidden: true },
    notice('warn', locale.say('admin.noServer')),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (isOnline: boolean): void => {
    clearTimeout(timer);
    if (isOnline) {
      element.hidden = true;
      return;
    }
    timer = setTimeout(() => {
      element.hidden = false;
      announce(locale.say('admin.noServer'));
    }, quietMs);
  };
  const stop = state.subscribe(({ phase }) => phase === 'online', show);
  show(state.get().phase === 'online');
  return {
    element,
    dispose: () => {
      clearTimeout(timer);
      stop();
    },
  };
}

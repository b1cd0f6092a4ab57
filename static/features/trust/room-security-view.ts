/** A room's security on one screen: who holds keys, which one, who is verified, what the server sees, how this page came. */
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { RoomTrust } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { roomTitle } from '../rooms/room-state.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { meUidOf } from '../account/account-state.ts';
import { createDigitsToRead } from './digits-view.ts';
import { holdersPart, outsidersPart } from './room-holders.ts';
import { createRoomStatePart } from './room-state-part.ts';
import { nameOf } from './trust-words.ts';

export function openRoomSecurity(context: PageContext, roomUid: string): void {
  const { app, locale } = context;
  const disposables = createDisposables();
  const state = createRoomStatePart(context, roomUid, () => drop(look()));
  const facts = h('div', {});
  const body = h(
    'div',
    { class: 'security' },
    state.element,
    facts,
    serverPart(context),
    pagePart(context),
    myKeysPart(context),
    readOutPart(context, roomUid),
  );
  const entryOf = (): RoomEntry | undefined => app.stores.rooms.get().byUid.get(roomUid);
  let trust: RoomTrust | null = null;
  let isGone = false;
  const look = async (): Promise<void> => {
    const found = await app.actions.trust.roomTrust(roomUid);
    if (isGone) return;
    if (found.ok) trust = found.value;
    task.request();
  };
  const paint = (): void => {
    const entry = entryOf();
    if (entry === undefined) return;
    state.show(entry, trust);
    // What has the focus must keep it through a new drawing.
    const focused = facts.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-focus')
      : null;
    replaceContent(
      facts,
      keysPart(context, entry),
      holdersPart(context, entry, trust),
      outsidersPart(context, entry),
    );
    if (typeof focused === 'string') facts.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus();
  };
  const task = createCalmTask(facts, paint);
  openDialog({
    title: locale.t('trust.room'),
    closeLabel: locale.t('common.close'),
    size: 'wide',
    body: [h('p', { class: 'security__room' }, titleOf(context, entryOf())), body],
    onClose: () => {
      isGone = true;
      state.dispose();
      disposables.dispose();
    },
  });
  disposables.add(
    app.stores.rooms.subscribe(
      () => entryOf()?.keys.verdict,
      () => drop(look()),
    ),
    app.stores.people.subscribe((people) => people.byUid, task.request),
    task.cancel,
  );
  paint();
  drop(look());
}

const titleOf = ({ app }: PageContext, entry: RoomEntry | undefined): string =>
  entry === undefined
    ? ''
    : roomTitle(entry.room, app.stores.people.get().byUid, meUidOf(app.stores.account.get()) ?? '');

/** One heading and what belongs under it. */
const part = (title: string, ...content: Child[]): HTMLElement =>
  h('section', { class: 'security__part' }, h('h3', { class: 'security__title' }, title), ...content);

const line = (text: string): HTMLElement => h('p', { class: 'security__text' }, text);

/** Which key, since when, by whom, and what those who come later read. */
function keysPart(context: PageContext, { room, keys: { verdict, changes } }: RoomEntry): HTMLElement {
  const { app, locale } = context;
  const epoch = verdict?.epoch ?? null;
  if (verdict === null || epoch === null)
    return part(locale.t('trust.keys'), line(locale.t('trust.keysNone')));
  const change = changes.find((candidate) => candidate.epoch === epoch);
  const words =
    change === undefined
      ? locale.t('trust.keysText', { number: epoch })
      : locale.t('trust.keysSince', { number: epoch, date: locale.moment(change.madeAt, app.clock.now()) });
  return part(
    locale.t('trust.keys'),
    line(words),
    change !== undefined && line(locale.t('trust.keysBy', { name: nameOf(context, change.creatorUid) })),
    room.type === 'group' && line(locale.t(verdict.history ? 'details.historyOn' : 'details.historyOff')),
  );
}

const serverPart = ({ locale }: PageContext): HTMLElement =>
  part(
    locale.t('trust.server'),
    line(locale.t('details.serverSeesText')),
    h('h3', { class: 'security__title security__title--second' }, locale.t('trust.scan')),
    // No client of this release gives a file's key to anybody but the people of the room.
    line(locale.t('trust.scanOff')),
  );

function pagePart({ app, locale }: PageContext): HTMLElement {
  const isHttps = location.protocol === 'https:';
  const words = isHttps
    ? 'trust.pageHttps'
    : app.capabilities.isSecureContext
      ? 'trust.pageLocal'
      : 'trust.pageHttp';
  const isOpenToChange = words === 'trust.pageHttp';
  return part(
    locale.t('trust.page'),
    h(
      'p',
      { class: isOpenToChange ? 'security__text security__text--warn' : 'security__text' },
      locale.t(words),
    ),
  );
}

function myKeysPart({ app, locale }: PageContext): HTMLElement {
  const { keysChangedAt } = app.stores.account.get();
  return part(
    locale.t('trust.myKeys'),
    keysChangedAt !== null &&
      line(
        `${locale.t('trust.myKeysChanged', { date: locale.full(keysChangedAt) })}. ${locale.t('trust.myKeysNotMe')}`,
      ),
  );
}

/** For a colleague whose room stands still. */
const readOutPart = (context: PageContext, roomUid: string): HTMLElement =>
  part(
    context.locale.t('trust.recordDigits'),
    line(context.locale.t('trust.recordDigitsText')),
    createDigitsToRead({
      context,
      isAtOnce: false,
      load: () => context.app.actions.trust.roomDigits(roomUid),
    }),
  );

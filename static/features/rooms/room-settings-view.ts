import type { RoomPolicies, WhoMay } from '#contract/room-settings.ts';
import type { Room } from '#contract/rooms.ts';
import { limits } from '#contract/limits.ts';
import { button } from '../../ui/button.ts';
import { checkBox } from '../../ui/check-box.ts';
import { createChoice } from '../../ui/choice.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createField } from '../../ui/field.ts';
import { h } from '../../ui/h.ts';
import { createFormNotice } from '../../ui/notice.ts';
import type { PlainTextKey } from '../../locales/wording.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { openRoomAudit } from './room-audit-view.ts';
import { createPictureField } from './room-picture-field.ts';

/** What a room shows of itself and who may do what in it, for its owner and admins. Nothing is sent before "save". */
export function openRoomSettings(context: PageContext, room: Room): void {
  const { locale } = context;
  const problem = createFormNotice();
  const title = createField({
    label: locale.t('create.groupTitle'),
    name: 'room-title',
    value: room.title,
    hint: locale.t('create.groupTitleHint'),
    maxLength: limits.roomTitleMax,
  });
  const description = h('textarea', {
    class: 'field__input field__input--tall',
    id: 'room-description',
    rows: 3,
    maxlength: limits.roomDescriptionMax,
    'aria-describedby': 'room-description-hint',
  });
  description.value = room.description;
  const picture = createPictureField(context, room, problem.show);
  const rules = createRules(context, room);

  const save = async (): Promise<void> => {
    const name = title.input.value.trim();
    if (name === '') {
      title.setHint(locale.t('create.groupTitleMissing'), 'bad');
      title.input.focus();
      return;
    }
    submit.disabled = true;
    problem.show(null);
    const result = await saveAll(context, room, {
      name,
      text: description.value.trim(),
      picture: picture.chosen(),
      ...rules.chosen(),
    });
    submit.disabled = false;
    if (result.ok) dialog.close();
    else problem.show(locale.failure(result));
  };
  const submit = button({ label: locale.t('common.save'), kind: 'primary', onClick: () => drop(save()) });
  const audit = button({
    label: locale.t('audit.open'),
    icon: 'scroll-text',
    kind: 'quiet',
    onClick: () => openRoomAudit(context, room.roomUid),
  });
  const dialog = openDialog({
    title: locale.t('roomSettings.title'),
    closeLabel: locale.t('common.close'),
    body: [
      problem.element,
      picture.element,
      title.element,
      h(
        'div',
        { class: 'field' },
        h('label', { class: 'field__label', for: 'room-description' }, locale.t('roomSettings.description')),
        description,
        h(
          'p',
          { class: 'field__hint', id: 'room-description-hint' },
          locale.t('roomSettings.descriptionHint'),
        ),
      ),
      rules.element,
    ],
    foot: [
      h('span', { class: 'dialog__foot-side' }, audit),
      button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }),
      submit,
    ],
    focus: title.input,
  });
}

type Wish = {
  name: string;
  text: string;
  picture: string | null | undefined;
  policies: Partial<RoomPolicies>;
  history: boolean;
};

/** One thing after another, so that what was refused is known; a second attempt repeats nothing that is done. */
async function saveAll({ app }: PageContext, room: Room, wish: Wish): Promise<Result<void>> {
  const { rooms, administration } = app.actions;
  const { roomUid } = room;
  const steps: (() => Promise<Result<void>>)[] = [];
  if (wish.name !== room.title) steps.push(() => rooms.rename(roomUid, wish.name));
  if (wish.text !== room.description) steps.push(() => administration.describe(roomUid, wish.text));
  const { picture } = wish;
  if (picture !== undefined) steps.push(() => administration.setPicture(roomUid, picture));
  if (Object.keys(wish.policies).length > 0) {
    steps.push(() => administration.setPolicies(roomUid, wish.policies));
  }
  if (wish.history !== room.history) steps.push(() => administration.setHistory(roomUid, wish.history));
  for (const step of steps) {
    const result = await step();
    if (!result.ok) return result;
  }
  return succeed(undefined);
}

type Rules = {
  readonly element: HTMLElement;
  /** The policies that differ from the room's, and the history as it is to be. */
  chosen: () => { policies: Partial<RoomPolicies>; history: boolean };
};

function createRules({ locale }: PageContext, room: Room): Rules {
  const policies: RoomPolicies = { ...room.policies };
  let { history } = room;
  const who = (name: 'invite' | 'post' | 'mentionAll', label: PlainTextKey): HTMLElement =>
    h(
      'div',
      { class: 'rule' },
      h('span', { class: 'rule__label' }, locale.t(label)),
      createChoice<WhoMay>({
        label: locale.t(label),
        options: [
          { value: 'everyone', label: locale.t('roomSettings.everyone') },
          { value: 'admins', label: locale.t('roomSettings.admins') },
        ],
        value: policies[name],
        onChange: (value) => (policies[name] = value),
      }),
    );
  const element = h(
    'section',
    { class: 'rules', 'aria-label': locale.t('roomSettings.rules') },
    h('h3', { class: 'rules__title' }, locale.t('roomSettings.rules')),
    who('post', 'roomSettings.post'),
    who('invite', 'roomSettings.invite'),
    who('mentionAll', 'roomSettings.mentionAll'),
    checkBox(
      locale.t('roomSettings.listed'),
      locale.t('roomSettings.listedHint'),
      policies.isListed,
      (isOn) => {
        policies.isListed = isOn;
      },
    ),
    checkBox(
      locale.t('roomSettings.history'),
      locale.t(room.history ? 'roomSettings.historyOnHint' : 'roomSettings.historyOffHint'),
      history,
      (isOn) => (history = isOn),
    ),
  );
  const chosen: Rules['chosen'] = () => ({
    policies: {
      ...(policies.invite === room.policies.invite ? {} : { invite: policies.invite }),
      ...(policies.post === room.policies.post ? {} : { post: policies.post }),
      ...(policies.mentionAll === room.policies.mentionAll ? {} : { mentionAll: policies.mentionAll }),
      ...(policies.isListed === room.policies.isListed ? {} : { isListed: policies.isListed }),
    },
    history,
  });
  return { element, chosen };
}

import type { Room } from '#contract/rooms.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { readSmallPicture } from '../../ui/small-picture.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { pictureOf } from './room-state.ts';

export type PictureField = {
  readonly element: HTMLElement;
  /** What was chosen: base64, null to take the picture away, undefined to leave it as it is. */
  chosen: () => string | null | undefined;
};

/** Shows a room's picture and lets another one be chosen; it is cut and made small at once. */
export function createPictureField(
  { locale }: PageContext,
  room: Room,
  onProblem: (text: string | null) => void,
): PictureField {
  let chosen: string | null | undefined;
  const face = h('span', {});
  const input = h('input', {
    type: 'file',
    accept: 'image/*',
    class: 'visually-hidden',
    tabindex: -1,
    'aria-hidden': 'true',
  });
  const shown = (): string | null => {
    if (chosen === undefined) return pictureOf(room);
    // Its kind is in its first bytes; WebP begins with "RIFF".
    return chosen === null
      ? null
      : `data:image/${chosen.startsWith('UklGR') ? 'webp' : 'jpeg'};base64,${chosen}`;
  };
  const paint = (): void => {
    const picture = shown();
    replaceContent(face, avatar({ id: room.roomUid, name: room.title, picture, size: 'l' }));
    remove.hidden = picture === null;
  };
  const take = async (file: Blob): Promise<void> => {
    const picture = await readSmallPicture(file);
    onProblem(picture === null ? locale.failure({ code: 'PICTURE_INVALID' }) : null);
    if (picture === null) return;
    chosen = picture;
    paint();
  };
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) drop(take(file));
    // The same file may be chosen again.
    input.value = '';
  });
  const choose = button({
    label: locale.t('roomSettings.choosePicture'),
    icon: 'image',
    size: 'small',
    onClick: () => input.click(),
  });
  const remove = button({
    label: locale.t('roomSettings.removePicture'),
    kind: 'quiet',
    size: 'small',
    onClick: () => {
      chosen = null;
      paint();
      choose.focus();
    },
  });
  paint();
  const hint = h('p', { class: 'field__hint' }, locale.t('roomSettings.pictureHint'));
  const element = h(
    'div',
    { class: 'picture-field' },
    face,
    h(
      'div',
      { class: 'picture-field__side' },
      h('div', { class: 'picture-field__row' }, choose, remove),
      hint,
    ),
    input,
  );
  return { element, chosen: () => chosen };
}

/** The list of people that opens at an `@` in the composer: by initial consonants and half-typed syllables. A later piece. */
import { h, replaceContent, setAttribute } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { matchesSearch } from '../../ui/hangul-search.ts';
import { personName } from '../../ui/person-label.ts';
import type { Person } from '#contract/accounts.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { callablesOf } from './mention-text.ts';

export type MentionCompletion = { dispose: () => void };

type Choice = { word: string; label: string; detail: string; person: Person | null };

const choicesMax = 8;
/** What stands between the sign and the caret: no blank, so that it ends with the word. */
const pattern = /(^|[^\p{L}\p{N}._-])@([^\s@]{0,30})$/u;

export function createMentionCompletion(
  context: PageContext,
  roomUid: string,
  box: HTMLTextAreaElement,
  frame: HTMLElement,
): MentionCompletion {
  const { app, locale } = context;
  const list = h('ul', { class: 'calls', id: 'mention-choices', role: 'listbox', hidden: true });
  setAttribute(list, 'aria-label', locale.t('mentions.choices'));
  frame.appendChild(list);
  let choices: Choice[] = [];
  let active = 0;
  let isChooseWanted = false;

  const wordBefore = (): string | null => {
    if (box.selectionStart !== box.selectionEnd) return null;
    return pattern.exec(box.value.slice(0, box.selectionStart))?.[2] ?? null;
  };
  const find = (query: string): Choice[] => {
    const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
    if (room === undefined) return [];
    const { byUid } = app.stores.people.get();
    const meUid = meUidOf(app.stores.account.get()) ?? '';
    const me = room.members.find(({ userUid }) => userUid === meUid);
    const mayCallAll = room.policies.mentionAll === 'everyone' || (me !== undefined && me.role !== 'member');
    const found = callablesOf(room, byUid).flatMap(({ userUid, words }): Choice[] => {
      const word = words[0] ?? '';
      if (userUid === null) {
        const isWanted = room.type === 'group' && mayCallAll && matchesSearch(query, `all 모두`);
        const all = locale.t('mentions.all');
        return isWanted
          ? [{ word: all, label: `@${all}`, detail: locale.t('mentions.allText'), person: null }]
          : [];
      }
      const person = byUid.get(userUid);
      if (person === undefined || userUid === meUid) return [];
      const searched = `${person.displayName} ${person.username}`;
      if (!matchesSearch(query, searched)) return [];
      const detail = [person.department, person.title, `@${person.username}`].filter((part) => part !== '');
      return [{ word, label: personName(locale, person), detail: detail.join(' · '), person }];
    });
    return found
      .sort(
        (left, right) =>
          Number(left.person === null) - Number(right.person === null) ||
          locale.compare(left.label, right.label),
      )
      .slice(0, choicesMax);
  };
  const close = (): void => {
    choices = [];
    isChooseWanted = false;
    list.hidden = true;
    setAttribute(box, 'aria-activedescendant', null);
    setAttribute(box, 'aria-controls', null);
    setAttribute(box, 'aria-autocomplete', null);
  };
  const showActive = (): void => {
    [...list.children].forEach((row, index) => setAttribute(row, 'aria-selected', String(index === active)));
    setAttribute(box, 'aria-activedescendant', `mention-choice-${active}`);
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  };
  const update = (): void => {
    const query = wordBefore();
    choices = query === null ? [] : find(query);
    if (choices.length === 0) {
      close();
      return;
    }
    active = 0;
    replaceContent(list, ...choices.map(rowOf));
    list.hidden = false;
    // A text box of several lines cannot be a combobox; it can say that it completes, and which choice is the active one.
    setAttribute(box, 'aria-autocomplete', 'list');
    setAttribute(box, 'aria-controls', list.id);
    showActive();
  };
  const choose = (index: number): void => {
    const choice = choices[index];
    const query = wordBefore();
    if (choice === undefined || query === null) {
      close();
      return;
    }
    const end = box.selectionStart;
    box.setRangeText(`${choice.word} `, end - query.length, end, 'end');
    close();
    box.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const rowOf = ({ label, detail, person }: Choice, index: number): HTMLElement =>
    h(
      'li',
      {
        class: 'calls__row',
        role: 'option',
        id: `mention-choice-${index}`,
        on: {
          // The focus stays in the box, and the phone's keyboard open.
          mousedown: (event) => event.preventDefault(),
          click: () => choose(index),
        },
      },
      person !== null && avatar({ id: person.userUid, name: label, size: 's' }),
      h('span', { class: 'calls__name' }, label),
      h('span', { class: 'calls__detail' }, detail),
    );

  const onKey = (event: KeyboardEvent): void => {
    if (list.hidden) return;
    const isChoice = event.key === 'Enter' || event.key === 'Tab';
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!isChoice && step === 0 && event.key !== 'Escape') return;
    // Before the composer's own keys, which would send or leave.
    event.stopImmediatePropagation();
    if (event.isComposing || event.keyCode === 229) {
      // The syllable is still being put together: chosen once it stands in the text.
      isChooseWanted = isChoice;
      return;
    }
    event.preventDefault();
    if (event.key === 'Escape') close();
    else if (isChoice) choose(active);
    else {
      active = (active + step + choices.length) % choices.length;
      showActive();
    }
  };
  const onComposed = (): void => {
    if (!isChooseWanted) return;
    isChooseWanted = false;
    const chosen = active;
    setTimeout(() => choose(chosen));
  };
  const onBlur = (): void => close();
  box.addEventListener('keydown', onKey, true);
  box.addEventListener('compositionend', onComposed);
  box.addEventListener('input', update);
  box.addEventListener('click', update);
  box.addEventListener('blur', onBlur);
  // The sign may have been typed before this piece came.
  if (document.activeElement === box) update();
  return {
    dispose: () => {
      box.removeEventListener('keydown', onKey, true);
      box.removeEventListener('compositionend', onComposed);
      box.removeEventListener('input', update);
      box.removeEventListener('click', update);
      box.removeEventListener('blur', onBlur);
      list.remove();
    },
  };
}

/** What a message says in one line: in the room list, in notices, in quotes and lists. */
import type { Locale } from '../../locales/locale.ts';
import type { MessageContent } from './message-state.ts';

const previewLength = 90;

/** Marks around something, as formatted texts have them. What is inside of a word is none. */
const marks = /(^|\W)(\*\*|~~|`)(?=\S)(.*?\S)\2(?!\w)/g;

/** One line of a text: the first words, without line breaks and marks of formatting. */
export const oneLine = (text: string): string =>
  text
    .slice(0, previewLength)
    .replace(/```[\w+#.-]*(?:\n|$)/gm, ' ')
    .replace(marks, '$1$3')
    .replace(/\s+/g, ' ')
    .trim();

/** One line for a message of any kind and state, never empty. */
export function contentPreview(content: MessageContent, locale: Locale): string {
  switch (content.state) {
    case 'open':
      return openPreview(content.text, content.pollOptions !== undefined, locale);
    case 'sealed':
      return locale.t('rooms.sealedPreview');
    case 'recalled':
      return locale.t('chat.recalled');
    case 'unreadable':
      return locale.t('rooms.unreadablePreview');
    default:
      return content satisfies never;
  }
}

/** The same for what is open, also while it waits in the outbox. */
export const openPreview = (text: string, isPoll: boolean, locale: Locale): string =>
  isPoll ? locale.t('polls.preview', { question: oneLine(text) }) : oneLine(text);

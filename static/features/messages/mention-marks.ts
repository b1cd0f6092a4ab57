/** Marks calls in a text that is on the page already, plain or formatted: words are wrapped, nothing else changes. */
import { h } from '../../ui/h.ts';
import { findMentions } from './mention-text.ts';
import type { Callable } from './mention-text.ts';

export function markMentions(element: HTMLElement, callables: readonly Callable[], meUid: string): void {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    // A tree walker over texts gives texts.
    if (node.nodeValue?.includes('@') === true && node.parentElement?.closest('a, code, pre') === null)
      texts.push(node as Text);
  }
  for (const text of texts) markText(text, callables, meUid);
}

function markText(text: Text, callables: readonly Callable[], meUid: string): void {
  let rest = text;
  let offset = 0;
  for (const { start, end, userUid } of findMentions(text.data, callables)) {
    const called = rest.splitText(start - offset);
    rest = called.splitText(end - start);
    offset = end;
    const isMe = userUid === null || userUid === meUid;
    const mark = h('span', { class: isMe ? 'mention mention--me' : 'mention' });
    called.replaceWith(mark);
    mark.appendChild(called);
  }
}

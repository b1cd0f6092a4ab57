/** A formatted text on the page: elements of this file's own choosing, and everything that was typed as text nodes. */
import { h } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { formatBlocks } from './format-blocks.ts';
import type { Block, Inline, ListItem } from './format-tree.ts';

/** The nodes of a message's text. */
export function formattedText(text: string): Node[] {
  const blocks = formatBlocks(text);
  const [only] = blocks;
  // Nothing but lines looks exactly as it did before this code had come.
  if (only?.kind === 'lines' && blocks.length === 1) return only.children.map(inlineNode);
  return blocks.map(blockNode);
}

function blockNode(block: Block): HTMLElement {
  switch (block.kind) {
    case 'lines':
      return h('div', { class: 'format__lines' }, ...block.children.map(inlineNode));
    case 'code':
      return h('pre', { class: 'format__block' }, h('code', {}, block.text));
    case 'quote':
      return h('blockquote', { class: 'format__quote' }, ...block.children.map(blockNode));
    case 'list':
      return h(block.isOrdered ? 'ol' : 'ul', { class: 'format__list' }, ...block.items.map(itemNode));
    default:
      return assertNever(block);
  }
}

const itemNode = ({ marker, children }: ListItem): HTMLElement =>
  h(
    'li',
    { class: 'format__item' },
    h('span', { class: 'format__marker' }, marker),
    h('div', { class: 'format__content' }, ...children.map(blockNode)),
  );

function inlineNode(inline: Inline): Node {
  switch (inline.kind) {
    case 'text':
      return document.createTextNode(inline.text);
    case 'link':
      return linkNode(inline.href, inline.text);
    case 'named-link':
      // Where it leads stands beside it: the words are the sender's.
      return h(
        'span',
        {},
        linkNode(inline.href, ...inline.children.map(inlineNode)),
        h('span', { class: 'format__host' }, ` (${inline.host})`),
      );
    case 'code':
      return h('code', { class: 'format__code' }, inline.text);
    case 'strong':
      return h('strong', {}, ...inline.children.map(inlineNode));
    case 'emphasis':
      return h('em', {}, ...inline.children.map(inlineNode));
    case 'strike':
      return h('del', {}, ...inline.children.map(inlineNode));
    default:
      return assertNever(inline);
  }
}

const linkNode = (href: string, ...words: Child[]): HTMLElement =>
  h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...words);

function assertNever(value: never): never {
  throw new TypeError(`unknown piece of a text: ${JSON.stringify(value)}`);
}

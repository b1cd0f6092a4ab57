/**
 * Bold, italic, struck out, code and links within lines. micromark finds them, by the rules that hold beside Hangul as well; its
 * marks are then judged once more (`format-marks.ts`), and everything around them is taken from the text as it was typed.
 */
import type { Nodes, PhrasingContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { gfmStrikethroughCjkFriendly } from 'micromark-extension-cjk-friendly-gfm-strikethrough';
import { splitLinks } from '../../ui/linked-text.ts';
import { isMeant } from './format-marks.ts';
import type { Inline } from './format-tree.ts';

/**
 * What messages do not have. Blocks are cut by `format-blocks.ts`. A backslash is just one (\\server\share), a tilde alone too
 * (3~5시); addresses become links by the rules of plain texts.
 */
const leftOut = [
  'autolink',
  'blockQuote',
  'characterEscape',
  'characterReference',
  'codeFenced',
  'codeIndented',
  'definition',
  'hardBreakEscape',
  'headingAtx',
  'htmlFlow',
  'htmlText',
  'labelStartImage',
  'list',
  'setextUnderline',
  'thematicBreak',
];

const options = {
  extensions: [
    cjkFriendlyExtension(),
    gfmStrikethroughCjkFriendly({ singleTilde: false }),
    { disable: { null: leftOut } },
  ],
  mdastExtensions: [gfmStrikethroughFromMarkdown()],
};

/** Deeper marks stay as typed; nobody means that many. */
const deepest = 8;
/** Brackets and marks cost micromark the square of their number; a text with more has none of them meant. */
const mostMarks = 2_000;

/** Lines of text, as typed but for what is formatted. */
export function formatInline(text: string): readonly Inline[] {
  const guarded = guardLinks(text);
  if (guarded === null || !/[*_~`[]/.test(guarded.text) || countMarks(guarded.text) > mostMarks)
    return linked(text);
  const { type: _type, children, ...at } = fromMarkdown(guarded.text, options);
  return joined(
    between({ ...guarded, depth: 0 }, children, 0, at.position?.end.offset ?? guarded.text.length),
  );
}

/** A text in which single letters of the private area stand for addresses, so that no mark is found inside of one. */
type Guarded = { text: string; links: readonly { text: string; href: string }[] };

const firstStandIn = 0xe000;
const standIns = /[\ue000-\uf8ff]/;
const mostLinks = 1_000;

function guardLinks(text: string): Guarded | null {
  // Whoever types such letters, or begins with a mark of byte order, which the parser takes away, gets no formatting.
  if (standIns.test(text) || text.startsWith('\ufeff')) return null;
  const links: { text: string; href: string }[] = [];
  let guarded = '';
  for (const part of splitLinks(text)) {
    if (part.kind === 'text') guarded += part.text;
    else guarded += String.fromCharCode(firstStandIn + links.push(part) - 1);
  }
  return links.length > mostLinks ? null : { text: guarded, links };
}

const countMarks = (text: string): number => text.length - text.replace(/[*_~`[\]]/g, '').length;

type Scope = Guarded & { depth: number };

/** Nodes, and the text before, between and after them. */
function between(scope: Scope, nodes: readonly Nodes[], from: number, to: number): Inline[] {
  const found: Inline[] = [];
  let cursor = from;
  for (const node of nodes) {
    const { start, end } = placeOf(node);
    found.push(...typed(scope, cursor, start), ...inlineOf(scope, node));
    cursor = end;
  }
  found.push(...typed(scope, cursor, to));
  return found;
}

function inlineOf(scope: Scope, node: Nodes): Inline[] {
  const { start, end } = placeOf(node);
  if (scope.depth > deepest) return typed(scope, start, end);
  switch (node.type) {
    case 'paragraph':
      return between(scope, node.children, start, end);
    case 'strong':
      return marked(scope, node.children, { kind: 'strong', width: 2, start, end });
    case 'emphasis':
      return marked(scope, node.children, { kind: 'emphasis', width: 1, start, end });
    case 'delete':
      return marked(scope, node.children, { kind: 'strike', width: 2, start, end });
    case 'inlineCode':
      return [{ kind: 'code', text: original(scope, node.value) }];
    case 'link':
      return namedLink(scope, node.children, node.url, { start, end });
    default:
      return typed(scope, start, end);
  }
}

type Mark = { kind: 'strong' | 'emphasis' | 'strike'; width: number; start: number; end: number };

function marked(scope: Scope, nodes: readonly PhrasingContent[], mark: Mark): Inline[] {
  const { kind, width, start, end } = mark;
  const children = between({ ...scope, depth: scope.depth + 1 }, nodes, start + width, end - width);
  if (isMeant(kind, scope.text, start, end, width)) return [{ kind, children: joined(children) }];
  return [...typed(scope, start, start + width), ...children, ...typed(scope, end - width, end)];
}

/** `[words](address)`; as typed where the address is none, or where the words are addresses themselves. */
function namedLink(
  scope: Scope,
  nodes: readonly PhrasingContent[],
  address: string,
  { start, end }: { start: number; end: number },
): Inline[] {
  const target = addressOf(scope, address);
  const isImage = scope.text.charAt(start - 1) === '!';
  const first = nodes[0];
  const last = nodes.at(-1);
  const words = first && last ? scope.text.slice(placeOf(first).start, placeOf(last).end) : '';
  if (target === null || isImage || words.trim() === '' || hasAddress(words)) return typed(scope, start, end);
  const inside = { ...scope, depth: scope.depth + 1 };
  const children = joined(between(inside, nodes, placeOf(nodes[0]).start, placeOf(last).end));
  return [{ kind: 'named-link', children, ...target }];
}

const hasAddress = (words: string): boolean =>
  standIns.test(words) || splitLinks(words).some(({ kind }) => kind === 'link');

/** An address that may be opened from a message: http, https, mailto. */
function addressOf(scope: Scope, address: string): { href: string; host: string } | null {
  const plain = original(scope, address);
  if (/^mailto:[^\s<>"?@]+@[^\s<>"?@]+$/i.test(plain))
    return { href: plain, host: plain.slice('mailto:'.length) };
  const [only, ...others] = splitLinks(plain);
  if (only?.kind !== 'link' || others.length > 0) return null;
  return { href: only.href, host: new URL(only.href).host };
}

/** A piece of the text as it was typed, its addresses as links. */
const typed = (scope: Scope, from: number, to: number): Inline[] =>
  from >= to ? [] : withLinks(scope, scope.text.slice(from, to));

function withLinks({ links }: Guarded, text: string): Inline[] {
  const found: Inline[] = [];
  for (const piece of text.split(/([\ue000-\uf8ff])/)) {
    const link = piece.length === 1 ? links[piece.charCodeAt(0) - firstStandIn] : undefined;
    if (link !== undefined) found.push({ kind: 'link', text: link.text, href: link.href });
    else if (piece !== '') found.push({ kind: 'text', text: piece });
  }
  return found;
}

/** Text without stand-ins. */
const original = ({ links }: Guarded, text: string): string =>
  text.replace(/[\ue000-\uf8ff]/g, (letter) => links[letter.charCodeAt(0) - firstStandIn]?.text ?? letter);

const linked = (text: string): Inline[] =>
  splitLinks(text).map((part) =>
    part.kind === 'text' ? part : { kind: 'link', text: part.text, href: part.href },
  );

/** Neighbouring texts as one. */
function joined(pieces: readonly Inline[]): readonly Inline[] {
  const found: Inline[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text')
      found[found.length - 1] = { kind: 'text', text: last.text + piece.text };
    else found.push(piece);
  }
  return found;
}

function placeOf(node: Nodes | undefined): { start: number; end: number } {
  const { start, end } = node?.position ?? {};
  if (start?.offset === undefined || end?.offset === undefined) throw new TypeError('a node without a place');
  return { start: start.offset, end: end.offset };
}

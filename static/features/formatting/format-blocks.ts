/**
 * Cuts a text into lines, quotes, lists and code. By rules of its own, stricter than Markdown's, so that everyday messages stay as
 * they are: a quote ends with its last marked line, "2026. 11. 20." is no list, ">_<" no quote, and only closed fences hold code.
 */
import { formatInline } from './format-inline.ts';
import type { Block, ListItem } from './format-tree.ts';

/** Deeper ones stay as typed. */
const deepest = 4;

const fence = /^ {0,3}```([^`]*)$/;
const fenceEnd = /^(.*?)```\s*$/;
const quote = /^>(?: |$|(?=>))/;
const item = /^( *)([-*]|\d{1,9}[.)]) +(?=\S)/;

/** A text as blocks. */
export const formatBlocks = (text: string): Block[] => blocksOf(text.split('\n'), 0);

type Found = { block: Block; next: number };

function blocksOf(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const endPlain = (isBeforeBlock: boolean): void => {
    // The margins of blocks stand for blank lines around them.
    const kept = trimmed(plain, { start: blocks.length > 0, end: isBeforeBlock });
    if (kept.length > 0) blocks.push({ kind: 'lines', children: formatInline(kept.join('\n')) });
    plain = [];
  };
  for (let at = 0; at < lines.length;) {
    const found = depth < deepest ? blockAt(lines, at, depth) : null;
    if (found === null) {
      plain.push(lines[at] ?? '');
      at += 1;
      continue;
    }
    endPlain(true);
    blocks.push(found.block);
    at = found.next;
  }
  endPlain(false);
  return blocks;
}

const blockAt = (lines: readonly string[], at: number, depth: number): Found | null =>
  codeAt(lines, at) ?? quoteAt(lines, at, depth) ?? listAt(lines, at, depth);

function codeAt(lines: readonly string[], at: number): Found | null {
  const opening = fence.exec(lines[at] ?? '')?.[1];
  if (opening === undefined) return null;
  for (let next = at + 1; next < lines.length; next += 1) {
    const closing = fenceEnd.exec(lines[next] ?? '')?.[1];
    if (closing === undefined) continue;
    const inside = lines.slice(at + 1, next);
    // Beside an opening fence stands the name of a language, unless the code begins or ends on a line with its fence.
    const isNamed = closing.trim() === '' && /^[\w+#.-]*\s*$/.test(opening);
    if (!isNamed && opening.trim() !== '') inside.unshift(opening);
    if (closing.trim() !== '') inside.push(closing);
    return { block: { kind: 'code', text: inside.join('\n') }, next: next + 1 };
  }
  return null;
}

function quoteAt(lines: readonly string[], at: number, depth: number): Found | null {
  let next = at;
  while (next < lines.length && quote.test(lines[next] ?? '')) next += 1;
  if (next === at) return null;
  const inside = lines.slice(at, next).map((line) => line.replace(/^> ?/, ''));
  return { block: { kind: 'quote', children: blocksOf(inside, depth + 1) }, next };
}

type Marker = { indent: number; marker: string; isOrdered: boolean; rest: string; width: number };

function markerOf(line: string): Marker | null {
  const [whole, spaces, marker] = item.exec(line) ?? [];
  if (whole === undefined || spaces === undefined || marker === undefined) return null;
  const rest = line.slice(whole.length);
  // "11. 20. 회의" is a date, "* * *" and "- - -" are ornaments.
  if (/^([-*]|\d{1,9}[.)])( |$)/.test(rest)) return null;
  return { indent: spaces.length, marker, isOrdered: /\d/.test(marker), rest, width: whole.length };
}

function listAt(lines: readonly string[], at: number, depth: number): Found | null {
  const first = markerOf(lines[at] ?? '');
  if (first === null || first.indent > 3) return null;
  const items: ListItem[] = [];
  let next = at;
  for (;;) {
    const marker = markerOf(lines[next] ?? '');
    if (marker === null || marker.indent !== first.indent || marker.isOrdered !== first.isOrdered) break;
    const inside = [marker.rest];
    next += 1;
    // What is indented further belongs to the item.
    while (next < lines.length && indentOf(lines[next] ?? '') > first.indent + 1) {
      inside.push((lines[next] ?? '').slice(Math.min(indentOf(lines[next] ?? ''), marker.width)));
      next += 1;
    }
    const shown = marker.isOrdered ? marker.marker : '•';
    items.push({ marker: shown, children: blocksOf(inside, depth + 1) });
  }
  return { block: { kind: 'list', isOrdered: first.isOrdered, items }, next };
}

/** Spaces at the start; a blank line has none. */
const indentOf = (line: string): number => (line.trim() === '' ? 0 : line.length - line.trimStart().length);

function trimmed(lines: readonly string[], from: { start: boolean; end: boolean }): readonly string[] {
  let first = 0;
  let last = lines.length;
  while (from.start && first < last && (lines[first] ?? '').trim() === '') first += 1;
  while (from.end && last > first && (lines[last - 1] ?? '').trim() === '') last -= 1;
  return lines.slice(first, last);
}

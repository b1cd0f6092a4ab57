/** A piece of a text: plain, or an address that may be opened. */
export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

// Stops at white space, brackets' outsides, quotes and Korean particles glued to the address ("http://a.kr에서").
// Without a scheme only `www.` is one for certain.
const address = /\b(?:https?:\/\/|www\.)[^\s<>"'“”‘’`\u3131-\u318e\uac00-\ud7a3]+/gi;

/** "www" with two more names behind it, and nothing that would make it the middle of something else. */
const bareHost = /^www(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?){2,}(?::\d+)?(?:[/?#]|$)/i;
const joining = /[\w.@:/-]/;

/** Splits a text into plain pieces and http, https and `www.` addresses; nothing else ever becomes a link. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0]);
    const href = hrefOf(found, text.charAt(match.index - 1));
    if (href === null) continue;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push({ kind: 'link', text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** Punctuation and marks of formatting at the end belong to the sentence; an unmatched closing bracket too. */
function trimEnd(text: string): string {
  let found = text;
  for (;;) {
    const last = found.slice(-1);
    const isClosing = last === ')' && found.split(')').length > found.split('(').length;
    if (!/[.,;:!?…。、*_~]/.test(last) && !isClosing && last !== ']' && last !== '}') return found;
    found = found.slice(0, -1);
  }
}

function hrefOf(text: string, before: string): string | null {
  const isBare = /^www\./i.test(text);
  if (isBare && (joining.test(before) || !bareHost.test(text))) return null;
  try {
    // A server that has HTTPS leads there by itself; one on the LAN often has none.
    const url = new URL(isBare ? `http://${text}` : text);
    // Credentials in an address only serve to disguise where it leads.
    const isOpen =
      (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
    return isOpen && url.hostname !== '' ? url.href : null;
  } catch {
    return null;
  }
}

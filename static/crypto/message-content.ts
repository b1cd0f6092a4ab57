import type { PlainContent, PollOption } from './engine-types.ts';
import { isObject, isUid } from './encoding.ts';

/**
 * What a message says, by kind: the part of its json that is not about time (docs/e2e-protocol.md section 5). What a
 * signature covers is shown whole or not at all, so content of another form is refused, never cut. Unknown fields are ignored.
 */

/** Characters of a text: the format's own limit, the same number as the contract's `messageTextMax`. */
export const longestText = 10_000;
/** Of a poll, likewise `pollQuestionMax`, `pollOptionMax`, `pollOptionsMin` and `pollOptionsMax`. */
export const longestQuestion = 300;
export const longestOption = 100;
export const fewestOptions = 2;
export const mostOptions = 20;

/** The fields of a content, without its kind: that is bound, not said. */
export function contentFields(content: PlainContent): Record<string, unknown> {
  switch (content.kind) {
    case 'text':
      return { text: content.text };
    case 'poll':
      return {
        question: content.question,
        options: content.options.map(({ id, text }) => ({ id, text })),
      };
    default:
      return content satisfies never;
  }
}

/** Whether this client knows messages of this kind; another one is UNKNOWN_VERSION. */
export const isKnownKind = (kind: string): kind is PlainContent['kind'] => kind === 'text' || kind === 'poll';

/** The content of a message of this kind, or null if it is of another form. */
export function parseContent(kind: string, json: Record<string, unknown>): PlainContent | null {
  if (kind === 'text') return parseText(json);
  return kind === 'poll' ? parsePoll(json) : null;
}

function parseText({ text }: Record<string, unknown>): PlainContent | null {
  // Only a changed client seals more than its own sender may write: it would fill the screens of all others.
  return typeof text === 'string' && text.length <= longestText ? { kind: 'text', text } : null;
}

function parsePoll({ question, options }: Record<string, unknown>): PlainContent | null {
  if (!isLine(question, longestQuestion) || !Array.isArray(options)) return null;
  if (options.length < fewestOptions || options.length > mostOptions) return null;
  const parsed: PollOption[] = [];
  for (const option of options) {
    if (!isObject(option)) return null;
    const { id, text } = option;
    // Two options of one id would share their votes.
    if (!isUid(id) || !isLine(text, longestOption) || parsed.some((other) => other.id === id)) return null;
    parsed.push({ id, text });
  }
  return { kind: 'poll', question, options: parsed };
}

/** A text with something in it. */
const isLine = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longest;

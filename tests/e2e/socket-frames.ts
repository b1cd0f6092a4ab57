/** Requests, answers and events as Socket.IO 4 writes them over Engine.IO 4: text frames of the default namespace. */

export type SocketFrame =
  | { kind: 'request'; id: number; name: string; input: unknown }
  | { kind: 'answer'; id: number; answer: unknown }
  | { kind: 'event'; name: string; payload: unknown }
  /** Greetings, pings and the like: passed on as they are. */
  | { kind: 'other' };

/** `4` is a message of Engine.IO; `2` an event and `3` an acknowledgement of Socket.IO. */
const pattern = /^4([23])(\d*)(\[.*\])$/s;

export function readFrame(text: string): SocketFrame {
  const [, type, idText, json] = pattern.exec(text) ?? [];
  if (type === undefined || json === undefined) return { kind: 'other' };
  const items: unknown[] = JSON.parse(json);
  const id = Number(idText);
  if (type === '3') return { kind: 'answer', id, answer: items[0] };
  const name = String(items[0]);
  return idText === ''
    ? { kind: 'event', name, payload: items[1] }
    : { kind: 'request', id, name, input: items[1] };
}

export const answerFrame = (id: number, answer: unknown): string => `43${id}${JSON.stringify([answer])}`;

export const eventFrame = (name: string, payload: unknown): string => `42${JSON.stringify([name, payload])}`;

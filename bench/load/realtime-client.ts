/** A signed-in client of the product: Engine.IO 4 and Socket.IO 5 packets as the strings that they are. */
import { openRawConnection } from './raw-connection.ts';

/** What a client needs to sign in: the session's cookie, and what the page sends in the handshake. */
export type Ticket = { cookie: string; auth: Record<string, unknown> };

/** Told whether the request was granted; `text` gives the whole answer as JSON. */
export type AnswerListener = (isOk: boolean, text: () => string) => void;

export type RealtimeClient = {
  request: (name: string, input: unknown, onAnswer: AnswerListener) => void;
  close: () => void;
};

type ClientOptions = {
  port: number;
  ticket: Ticket;
  /** Every event's packet, as bytes: `42["name",…]`. */
  onEvent: (buffer: Buffer, start: number, end: number) => void;
  onClose?: () => void;
};

const code = (character: string): number => character.charCodeAt(0);
const [open, ping, message] = [code('0'), code('2'), code('4')];
const [connected, event, ack, refused] = [code('0'), code('2'), code('3'), code('4')];
const bracket = code('[');
const path = '/socket.io/?EIO=4&transport=websocket';

/** Connects and waits until the server has accepted the session. */
export async function openRealtimeClient(options: ClientOptions): Promise<RealtimeClient> {
  const accepted = Promise.withResolvers<void>();
  const answers = new Map<number, AnswerListener>();
  let lastId = 0;
  const onMessage = (buffer: Buffer, start: number, end: number): void => {
    const kind = buffer[start + 1];
    if (kind === event) options.onEvent(buffer, start, end);
    else if (kind === ack) takeAnswer(answers, buffer, start + 2, end);
    else if (kind === connected) accepted.resolve();
    else if (kind === refused) accepted.reject(new Error(buffer.toString('utf8', start, end)));
  };
  const connection = await openRawConnection({
    port: options.port,
    path,
    headers: { Cookie: options.ticket.cookie, Origin: `http://127.0.0.1:${options.port}` },
    onText: (buffer, start, end, { send }) => {
      const kind = buffer[start];
      if (kind === message) onMessage(buffer, start, end);
      else if (kind === ping) send('3');
      else if (kind === open) send(`40${JSON.stringify(options.ticket.auth)}`);
    },
    onClose: () => {
      accepted.reject(new Error('The server closed the connection.'));
      options.onClose?.();
    },
  });
  await accepted.promise;
  return {
    request: (name, input, onAnswer) => {
      lastId += 1;
      answers.set(lastId, onAnswer);
      connection.send(`42${lastId}${JSON.stringify([name, input])}`);
    },
    close: connection.close,
  };
}

/** `<id>[{"ok":true,…}]`: the answer itself is only read by those who ask for it. */
function takeAnswer(answers: Map<number, AnswerListener>, buffer: Buffer, start: number, end: number): void {
  let at = start;
  while (at < end && buffer[at] !== bracket) at += 1;
  const id = Number(buffer.toString('latin1', start, at));
  const listener = answers.get(id);
  answers.delete(id);
  const isOk = buffer.toString('latin1', at, at + 11) === '[{"ok":true';
  listener?.(isOk, () => buffer.toString('utf8', at + 1, end - 1));
}

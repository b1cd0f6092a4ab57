/**
 * The server as its operator could have changed it: stands between a browser and a real server, reads what the client asks, and
 * changes, withholds or invents answers and events, over HTTP and over the socket.
 */
import { createServer, request as askServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { requests } from '#contract/index.ts';
import type { EventName, EventPayload, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import { answerFrame, eventFrame, readFrame } from './socket-frames.ts';

/** What was asked by the client, on whichever transport. */
export type AskedRequest = { name: string; input: unknown };

export type LyingServer = {
  /** What people type who are to meet it. */
  lanUrl: string;
  /** Changes what the real server answered. */
  changes: <Name extends RequestName>(
    name: Name,
    change: (value: RequestOutput<Name>, input: RequestInput<Name>) => RequestOutput<Name>,
  ) => void;
  /** Answers by itself, and the real server hears nothing of it; undefined leaves it to that. */
  invents: <Name extends RequestName>(
    name: Name,
    answer: (input: RequestInput<Name>) => RequestOutput<Name> | undefined,
  ) => void;
  /** Changes an event, or withholds it (null). */
  bends: <Name extends EventName>(
    name: Name,
    change: (payload: EventPayload<Name>) => EventPayload<Name> | null,
  ) => void;
  /** An event that never happened. */
  tells: <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;
  /** Everything asked since `forget`. */
  asked: () => readonly AskedRequest[];
  /** The inputs of these requests. */
  inputs: <Name extends RequestName>(name: Name) => RequestInput<Name>[];
  forget: () => void;
  /** Ends every connection: the client comes back and synchronises. */
  cut: () => void;
  /** No lies from now on. */
  repent: () => void;
  close: () => Promise<void>;
};

type Change = (value: unknown, input: unknown) => unknown;

type Lies = {
  answers: Map<string, Change[]>;
  inventions: Map<string, (input: unknown) => unknown>;
  events: Map<string, ((payload: unknown) => unknown)[]>;
  asked: AskedRequest[];
};

export async function startLyingServer(realPort: number): Promise<LyingServer> {
  const lies: Lies = { answers: new Map(), inventions: new Map(), events: new Map(), asked: [] };
  const links = new Set<WebSocket>();
  const server = createServer((request, response) => void passOn({ request, response, realPort, lies }));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.handleUpgrade(request, socket, head, (near) => link({ near, request, realPort, lies, links }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  const cut = (): void => {
    for (const near of links) near.terminate();
  };
  return {
    lanUrl: `http://192.168.77.7:${port}`,
    changes: (name, change) => addTo(lies.answers, name, change as Change), // one table for all names
    invents: (name, answer) => void lies.inventions.set(name, answer as (input: unknown) => unknown), // see above
    bends: (name, change) => addTo(lies.events, name, change as (payload: unknown) => unknown), // see above
    tells: (name, payload) => {
      for (const near of links) near.send(eventFrame(name, payload));
    },
    cut,
    asked: () => lies.asked,
    inputs: <Name extends RequestName>(name: Name) =>
      lies.asked.filter((one) => one.name === name).map((one) => one.input as RequestInput<Name>), // as the client sent it
    forget: () => void (lies.asked = []),
    repent: () => {
      for (const table of [lies.answers, lies.inventions, lies.events]) table.clear();
    },
    close: () => {
      cut();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const addTo = <Value>(table: Map<string, Value[]>, name: string, value: Value): void =>
  void table.set(name, [...(table.get(name) ?? []), value]);

/** The answer's value as the client shall see it. */
const lieOver = ({ answers }: Lies, { name, input }: AskedRequest, value: unknown): unknown =>
  (answers.get(name) ?? []).reduce((present, change) => change(present, input), value);

type Link = {
  near: WebSocket;
  request: IncomingMessage;
  realPort: number;
  lies: Lies;
  links: Set<WebSocket>;
};

/** One socket of the client, and the one to the real server that belongs to it. */
function link({ near, request, realPort, lies, links }: Link): void {
  const { host = '', origin = '', cookie = '' } = request.headers;
  const far = new WebSocket(`ws://127.0.0.1:${realPort}${request.url ?? ''}`, {
    headers: { host, origin, cookie },
  });
  const asked = new Map<number, AskedRequest>();
  const early: string[] = [];
  links.add(near);
  near.on('message', (data: Buffer) => {
    const text = data.toString();
    const frame = readFrame(text);
    if (frame.kind === 'request') {
      const { id, name, input } = frame;
      lies.asked.push({ name, input });
      const invented = lies.inventions.get(name)?.(input);
      if (invented !== undefined) {
        near.send(answerFrame(id, { ok: true, value: invented }));
        return;
      }
      asked.set(id, { name, input });
    }
    if (far.readyState === WebSocket.OPEN) far.send(text);
    else early.push(text);
  });
  far.on('open', () => {
    for (const text of early) far.send(text);
  });
  far.on('message', (data: Buffer) => {
    for (const text of changedFrames(data.toString(), asked, lies)) near.send(text);
  });
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('close', () => other.terminate());
    one.on('error', () => other.terminate());
  }
  near.on('close', () => links.delete(near));
}

/** What the client gets of a frame of the real server; nothing if it is withheld. */
function changedFrames(text: string, asked: Map<number, AskedRequest>, lies: Lies): string[] {
  const frame = readFrame(text);
  if (frame.kind === 'answer') {
    const request = asked.get(frame.id);
    asked.delete(frame.id);
    const { answer } = frame;
    if (request === undefined || !isSuccess(answer)) return [text];
    return [answerFrame(frame.id, { ...answer, value: lieOver(lies, request, answer.value) })];
  }
  if (frame.kind !== 'event') return [text];
  let { payload } = frame;
  for (const change of lies.events.get(frame.name) ?? []) {
    if (payload !== null) payload = change(payload);
  }
  return payload === null ? [] : [eventFrame(frame.name, payload)];
}

const isSuccess = (answer: unknown): answer is { ok: true; value: unknown } =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true && 'value' in answer;

type Passage = { request: IncomingMessage; response: ServerResponse; realPort: number; lies: Lies };

async function passOn({ request, response, realPort, lies }: Passage): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  // the socket has to be one that is read here
  if (url.startsWith('/socket.io/')) {
    response.writeHead(503).end();
    return;
  }
  const body = await wholeOf(request);
  const asked = requestOf(method, url, body);
  if (asked !== null) lies.asked.push(asked);
  const invented = asked === null ? undefined : lies.inventions.get(asked.name)?.(asked.input);
  if (invented !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(invented));
    return;
  }
  // a connection of its own: one that is kept may be closed by the server in the moment in which it is used again
  const headers = { ...request.headers, connection: 'close' };
  // what may have to be changed must not be compressed
  if (asked !== null) delete headers['accept-encoding'];
  const far = askServer(
    { host: '127.0.0.1', port: realPort, method, path: url, headers, agent: false },
    (answer) => {
      void giveBack(answer, response, asked, lies);
    },
  );
  far.on('error', () => response.destroy());
  far.end(body);
}

async function giveBack(
  answer: IncomingMessage,
  response: ServerResponse,
  asked: AskedRequest | null,
  lies: Lies,
): Promise<void> {
  const { statusCode = 500, headers } = answer;
  if (asked === null || statusCode !== 200 || !lies.answers.has(asked.name)) {
    response.writeHead(statusCode, headers);
    answer.pipe(response);
    return;
  }
  const value: unknown = JSON.parse((await wholeOf(answer)).toString());
  const { 'content-length': _, etag: __, ...rest } = headers;
  response.writeHead(statusCode, rest).end(JSON.stringify(lieOver(lies, asked, value)));
}

async function wholeOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks);
}

/** The contract's requests by their HTTP route. */
const routes = Object.entries(requests).map(([name, { http }]) => {
  const [method = '', path = ''] = http.split(' ');
  const names = [...path.matchAll(/:(\w+)/g)].map(([, field = '']) => field);
  return { name, method, names, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`) };
});

/** What is asked by an HTTP request; null for pages and files. */
function requestOf(method: string, url: string, body: Buffer): AskedRequest | null {
  const { pathname, searchParams } = new URL(url, 'http://maru');
  for (const { name, names, pattern, method: wanted } of routes) {
    const found = wanted === method ? pattern.exec(pathname) : null;
    if (found === null) continue;
    const fields = names.map((field, index) => [field, decodeURIComponent(found[index + 1] ?? '')]);
    const given: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    const query = [...searchParams].map(([key, text]) => [
      key,
      /^\d{1,15}$/.test(text) ? Number(text) : text,
    ]);
    return { name, input: { ...Object.fromEntries([...query, ...fields]), ...(given as object) } }; // bodies are objects
  }
  return null;
}

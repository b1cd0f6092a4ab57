/** A server that was unpacked or installed somewhere, started as its user would start it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestPerson } from '../../server/testing/people.ts';
import { createPerson, registrationOf } from '../../server/testing/people.ts';
import { createHttpClient } from '../../server/testing/http-client.ts';
import { connectTestClient } from '../../server/testing/test-client.ts';
import { createRoom, messageFor } from '../../server/testing/rooms.ts';

export type PackagedServer = { port: number; pid: number; output(): string; stop(): Promise<void> };

type Wish = { command: string; args?: readonly string[]; dataDir: string; env: Record<string, string> };

/** Starts it on a free port; rejects with what it printed if it ends instead. */
export async function startPackaged({ command, args = [], dataDir, env }: Wish): Promise<PackagedServer> {
  const options = ['--port', '0', '--host', '127.0.0.1', '--data-dir', dataDir];
  const child = spawn(command, [...args, ...options], {
    cwd: path.dirname(dataDir),
    // nothing of this process's environment: no npm, no other Node
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exited = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (found !== undefined && text.includes('Ctrl+C')) resolve(Number(found));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}:\n${text}`)));
  });
  return {
    port,
    pid: child.pid ?? 0,
    output: () => text,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      assert.equal(code, 0, text);
    },
  };
}

/** The server answers, its page is there, and the person can sign up and sign in over HTTP. */
export async function signUp(port: number, username: string): Promise<TestPerson> {
  const browser = createHttpClient(port);
  const person = createPerson(username);
  const health = await browser.request('GET', '/healthz');
  assert.equal(health.status, 200, health.text);
  const page = await browser.request('GET', '/');
  assert.match(page.text, /<script type="module"/);
  const script =
    /src="(\/assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? assert.fail('the page names no script');
  assert.equal((await browser.request('GET', script)).status, 200);
  const registered = await browser.request('POST', '/api/register', registrationOf(person));
  assert.equal(registered.status, 200, registered.text);
  const { authKey } = person;
  const signedIn = await createHttpClient(port).request('POST', '/api/login', { username, authKey });
  assert.equal(signedIn.status, 200, signedIn.text);
  return person;
}

/** Sends a message in a new direct room and gives its id. */
export async function sendMessage(
  port: number,
  sender: TestPerson,
  receiver: TestPerson,
): Promise<{ roomUid: string; clientId: string }> {
  const client = await connectTestClient(port, sender);
  try {
    const room = await createRoom(client, [receiver]);
    const message = messageFor(room);
    const { seq } = await client.ask('message:send', message);
    assert.equal(seq, 1);
    return { roomUid: room.roomUid, clientId: message.clientId };
  } finally {
    client.close();
  }
}

/** The names of a room's messages, as this person sees them. */
export async function messagesOf(port: number, person: TestPerson, roomUid: string): Promise<string[]> {
  const client = await connectTestClient(port, person);
  try {
    const { body } = await client.http('GET', `/api/rooms/${roomUid}/messages`);
    const { messages } = body as { messages: { clientId: string }[] }; // the contract's shape
    return messages.map(({ clientId }) => clientId);
  } finally {
    client.close();
  }
}

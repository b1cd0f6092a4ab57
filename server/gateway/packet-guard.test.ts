import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { contractVersion } from '#contract/server-info.ts';
import type { TestClient } from '../testing/test-client.ts';
import { startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let bob: TestClient;

before(async () => {
  server = await startTestServer();
  bob = await server.connectAs('bob');
});
after(() => server.stop());

const greeting = (more: object = {}): string => `40${JSON.stringify({ contractVersion, ...more })}`;

async function openConnection(cookie = ''): Promise<{ socket: WebSocket; closed: Promise<unknown> }> {
  const url = `ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(url, {
    headers: { origin: server.url, ...(cookie === '' ? {} : { cookie }) },
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'open');
  return { socket, closed };
}

/** The next packet that is a greeting's answer. */
async function answered(socket: WebSocket): Promise<string> {
  for (;;) {
    const [bytes] = await once(socket, 'message');
    const text = String(bytes);
    if (text.startsWith('4')) return text;
  }
}

// the server closes a connection without a greeting after ten seconds: what is refused is refused before
const soon = { timeout: 9_000 };
// nothing else closes one with a greeting: a machine may be as slow as it likes
const ever = { timeout: 120_000 };

test('binary packets that would be kept for their other parts close a connection', ever, async () => {
  const header = '452-["message:send",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]';
  const packets = [[header, Buffer.alloc(2_000)], [`${header.slice(0, -1)},"${'x'.repeat(300_000)}"]`]];
  for (const parts of packets) {
    const { socket, closed } = await openConnection(bob.browser.cookieHeader());
    socket.send(greeting());
    assert.match(await answered(socket), /^40/);
    for (const part of parts) socket.send(part);
    await closed;
  }
  const stranger = await openConnection();
  stranger.socket.send(greeting());
  assert.match(await answered(stranger.socket), /NOT_SIGNED_IN/);
  stranger.socket.send(header);
  await stranger.closed;
});

test('what comes before the greeting, or a long greeting, closes a connection unread', soon, async () => {
  for (const packet of ['420["account:me",{}]', '41', greeting({ filler: 'x'.repeat(2_000) })]) {
    const { socket, closed } = await openConnection(bob.browser.cookieHeader());
    socket.send(packet);
    await closed;
  }
});

test('a packet is as long as its request may be, and no longer', ever, async () => {
  const megabyte = 1_024 * 1_024;
  const packet = (start: string, size: number): string => `${start},{"x":"${'x'.repeat(size)}"}]`;
  const tooLong = [
    packet('421["no:such"', 300_000),
    packet('421["account:me"', 300_000),
    packet('42["message:send"', 300_000),
    packet('421["room:invite"', 1.2 * megabyte),
    packet('421["__proto__"', 300_000),
    // the parser would read these as names of large requests
    packet('421[ "vault:replace"', 300_000),
    packet('421["vault\\u003areplace"', 300_000),
    packet('421["vault:replac\\u0065"', 300_000),
    `431["${'x'.repeat(300_000)}"]`,
  ];
  for (const text of tooLong) {
    const { socket, closed } = await openConnection(bob.browser.cookieHeader());
    socket.send(greeting());
    assert.match(await answered(socket), /^40/);
    socket.send(text);
    await closed;
  }
  const { socket } = await openConnection(bob.browser.cookieHeader());
  socket.send(greeting());
  assert.match(await answered(socket), /^40/);
  for (const text of [packet('427["vault:replace"', 8 * megabyte), packet('427["account:me"', 200_000)]) {
    socket.send(text);
    assert.match(await answered(socket), /^437/);
  }
  socket.terminate();
});

test('a connection greets once, at the same time or later', ever, async () => {
  const { socket, closed } = await openConnection(bob.browser.cookieHeader());
  socket.send(greeting());
  socket.send(greeting());
  await closed;
  const second = await openConnection(bob.browser.cookieHeader());
  second.socket.send(greeting());
  assert.match(await answered(second.socket), /^40/);
  second.socket.send('41');
  second.socket.send(greeting());
  await second.closed;
  assert.equal((await bob.call('account:me', {})).ok, true);
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import type { Response } from 'express';
import type { StreamedReply } from '#contract/request.ts';
import { sendStream } from './http-stream.ts';

let reply: StreamedReply;
let failure: unknown;
const server = createServer((_request, response) => {
  // what Express adds to a response is not needed here
  sendStream(response as Response, reply).catch((error: unknown) => {
    failure = error;
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  });
});
let url: string;
beforeEach(async () => {
  failure = undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address has a port
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const broken = new Error('the disk went away');

test('pieces arrive as one answer that nothing may run in', async () => {
  reply = { contentType: 'text/plain', fileName: 'a.txt', chunks: ['a', new Uint8Array([98]), 'ㄷ'] };
  const answer = await fetch(url);
  assert.equal(await answer.text(), 'abㄷ');
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="a.txt"');
  assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/);
  assert.equal(answer.headers.get('cache-control'), null);
});

test('what fails before the first piece can still be refused', async () => {
  reply = {
    contentType: 'text/csv',
    fileName: 'a.csv',
    chunks: { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(broken) }) },
  };
  const answer = await fetch(url);
  assert.deepEqual([answer.status, answer.headers.get('content-disposition')], [500, null]);
  assert.equal(failure, broken);
});

test('an answer that breaks off does not look complete', async () => {
  reply = {
    contentType: 'text/csv',
    chunks: (async function* () {
      yield 'a';
      throw broken;
    })(),
  };
  await assert.rejects(async () => (await fetch(url)).text());
  assert.equal(failure, broken);
});

test('a receiver that goes away ends the work, and is no failure', async () => {
  let isEnded = false;
  const ended = new Promise<void>((resolve) => {
    reply = {
      contentType: 'text/csv',
      chunks: (async function* () {
        try {
          for (;;) yield 'x'.repeat(65_536);
        } finally {
          isEnded = true;
          resolve();
        }
      })(),
    };
  });
  const abort = new AbortController();
  const answer = await fetch(url, { signal: abort.signal });
  await answer.body?.getReader().read();
  abort.abort();
  await ended;
  assert.ok(isEnded);
  assert.equal(failure, undefined);
});

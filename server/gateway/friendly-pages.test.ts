import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { Server } from 'node:http';
import express from 'express';
import { sendFriendlyPage } from './friendly-pages.ts';

let server: Server;
let url: string;
before(async () => {
  const app = express();
  app.get('/failed', (request, response) => sendFriendlyPage(request, response, 'failed', '<b>r-17</b>'));
  app.get('/none', (request, response) => sendFriendlyPage(request, response, 'notFound', 'r-18'));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
after(() => server.close());

const get = (path: string, language: string): Promise<Response> =>
  fetch(url + path, { headers: { 'accept-language': language } });

test('the page after a bug is kept by nobody, speaks the reader’s language and gives the number of the log', async () => {
  const korean = await get('/failed', 'ko-KR,ko;q=0.9');
  assert.equal(korean.status, 500);
  assert.match(korean.headers.get('content-type') ?? '', /text\/html; charset=utf-8/);
  assert.equal(korean.headers.get('cache-control'), 'no-store');
  const text = await korean.text();
  assert.match(text, /<html lang="ko">.*서버에 문제가 생겼습니다.*href="\/"/s);
  assert.ok(text.includes('&#60;b&#62;r-17') && !text.includes('<b>r-17'), 'the number, as text');
  assert.doesNotMatch(text, /<script|https?:\/\//);
  const english = await (await get('/failed', 'en-GB')).text();
  assert.match(english, /<html lang="en">.*Something went wrong in the server/s);
});

test('a page that is not there has no number: nothing of it is in the log', async () => {
  const answer = await get('/none', 'en');
  assert.equal(answer.status, 404);
  assert.ok(!(await answer.text()).includes('r-18'));
});

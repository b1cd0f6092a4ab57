import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCsrfTokens, originVerdict, refuseForeignRequest } from './csrf.ts';

const tokens = createCsrfTokens(new Uint8Array(64).fill(7));
const host = '192.168.0.2:5000';

test('an origin is compared with the host that the client used', () => {
  const verdict = (origin: string, usedHost = host) => originVerdict({ origin }, usedHost);
  assert.equal(verdict('http://192.168.0.2:5000'), 'same');
  assert.equal(verdict('https://192.168.0.2:5000'), 'same');
  assert.equal(verdict('http://192.168.0.2'), 'foreign');
  assert.equal(verdict('http://192.168.0.2:5001'), 'foreign');
  assert.equal(verdict('http://evil.example'), 'foreign');
  assert.equal(verdict('null'), 'foreign');
  assert.equal(verdict('file://192.168.0.2:5000'), 'foreign');
  assert.equal(verdict('http://maru.local', 'maru.local:80'), 'same');
  assert.equal(verdict('https://maru.local', 'maru.local:443'), 'same');
  assert.equal(verdict('http://x', ''), 'foreign');
});

test('without an origin the fetch metadata decide, and without those nothing is known', () => {
  assert.equal(originVerdict({ 'sec-fetch-site': 'same-origin' }, host), 'same');
  for (const site of ['cross-site', 'same-site', 'none']) {
    assert.equal(originVerdict({ 'sec-fetch-site': site }, host), 'foreign', site);
  }
  assert.equal(originVerdict({}, host), 'unknown');
});

test('a token belongs to one session and one server', () => {
  const token = tokens.tokenFor('session-a');
  assert.equal(tokens.isValid('session-a', token), true);
  assert.equal(tokens.isValid('session-b', token), false);
  assert.equal(createCsrfTokens(new Uint8Array(64).fill(8)).isValid('session-a', token), false);
  for (const presented of [undefined, null, '', ['x'], token.slice(1), `${token}A`]) {
    assert.equal(tokens.isValid('session-a', presented), false);
  }
});

test('a signed-in change needs the token even from the right origin', () => {
  const origin = `http://${host}`;
  const right = tokens.tokenFor('s');
  assert.throws(() => refuseForeignRequest({ origin }, host, 's', tokens), { code: 'CSRF' });
  assert.throws(() => refuseForeignRequest({ origin, 'x-csrf-token': 'x' }, host, 's', tokens), {
    code: 'CSRF',
  });
  refuseForeignRequest({ origin, 'x-csrf-token': right }, host, 's', tokens);
  refuseForeignRequest({ 'x-csrf-token': right }, host, 's', tokens);
  assert.throws(
    () => refuseForeignRequest({ origin: 'http://evil', 'x-csrf-token': right }, host, 's', tokens),
    {
      code: 'ORIGIN_NOT_ALLOWED',
    },
  );
});

test('before sign-in only a foreign origin is refused', () => {
  refuseForeignRequest({}, host, null, tokens);
  refuseForeignRequest({ origin: `http://${host}` }, host, null, tokens);
  assert.throws(() => refuseForeignRequest({ 'sec-fetch-site': 'cross-site' }, host, null, tokens), {
    code: 'ORIGIN_NOT_ALLOWED',
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocale } from '../../locales/locale.ts';
import { waitingText } from './waiting-text.ts';

const retryAt = new Date(2026, 10, 20, 10, 42, 5).getTime();

test('a message that is on its way has nothing to explain', () => {
  assert.equal(waitingText({ name: 'waiting', reason: null, retryAt: null }, createLocale('ko')), null);
});

test('a burst says why it rests and when it goes on, and does not ask to try again', () => {
  const state = { name: 'waiting', reason: 'RATE_LIMITED', retryAt } as const; // literals, not strings
  for (const language of ['ko', 'en'] as const) {
    const locale = createLocale(language);
    const words = waitingText(state, locale) ?? '';
    assert.match(words, /10:42:05/);
    assert.ok(!words.includes(locale.failure({ code: 'RATE_LIMITED' })));
  }
});

test('any other wait has its reason, and its time where there is one', () => {
  const locale = createLocale('en');
  const offline = waitingText({ name: 'waiting', reason: 'OFFLINE', retryAt: null }, locale);
  assert.equal(offline, `Waiting: ${locale.failure({ code: 'OFFLINE' })}`);
  const slow = waitingText({ name: 'waiting', reason: 'TIMED_OUT', retryAt }, locale) ?? '';
  assert.ok(slow.includes(locale.failure({ code: 'TIMED_OUT' })));
  assert.match(slow, /10:42:05/);
});

test('what waits for a colleague promises no time', () => {
  const locale = createLocale('ko');
  const words = waitingText({ name: 'waiting', reason: 'OWN_VERSION_OLD', retryAt }, locale);
  assert.equal(words, `대기 중: ${locale.failure({ code: 'OWN_VERSION_OLD' })}`);
});

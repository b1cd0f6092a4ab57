import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from './loopback.ts';

test('addresses of this machine alone are told from those that others can open', () => {
  for (const url of [
    'http://localhost:5000',
    'http://127.0.0.1',
    'http://127.1.2.3:80',
    'http://[::1]:5000',
  ]) {
    assert.equal(isLoopback(new URL(url).hostname), true, url);
  }
  const others = ['http://192.168.0.2:5000', 'http://maru', 'http://[fd00::2]', 'http://localhost.example'];
  for (const url of others) assert.equal(isLoopback(new URL(url).hostname), false, url);
});

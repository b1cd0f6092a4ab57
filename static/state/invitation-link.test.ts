import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationLink, readInvitation } from './invitation-link.ts';

test('the code stands behind the #, and is read back as it was', () => {
  const link = new URL(invitationLink('http://192.168.0.10:5000/', 'K7QW-9XTM'));
  assert.equal(link.pathname, '/');
  assert.equal(link.search, '');
  assert.equal(readInvitation(link.hash), 'K7QW-9XTM');
});

test('what is no invitation is none', () => {
  for (const hash of [
    '',
    '#/',
    '#invite=',
    '#invite=%20',
    '#invite=%',
    `#invite=${'A'.repeat(65)}`,
    '#invited=A',
  ]) {
    assert.equal(readInvitation(hash), null, hash);
  }
});

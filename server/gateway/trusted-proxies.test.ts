import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { connectionFacts } from './request-facts.ts';
import { createTrustedProxies } from './trusted-proxies.ts';

const request = (peer: string, headers: Record<string, string>): IncomingMessage =>
  ({ headers, socket: { remoteAddress: peer } }) as unknown as IncomingMessage; // the facts read nothing else

const nobody = createTrustedProxies([]);

test('a forwarded address counts only from a trusted proxy', () => {
  const headers = { 'x-forwarded-for': '10.9.9.9' };
  assert.equal(nobody.clientAddress('192.168.0.7', headers), '192.168.0.7');
  const proxies = createTrustedProxies(['192.168.0.0/24']);
  assert.equal(proxies.clientAddress('192.168.0.7', headers), '10.9.9.9');
  assert.equal(proxies.clientAddress('192.168.1.7', headers), '192.168.1.7');
});

test('what a client itself put into the forwarding list is not believed', () => {
  const proxies = createTrustedProxies(['loopback']);
  assert.equal(
    proxies.clientAddress('127.0.0.1', { 'x-forwarded-for': '1.2.3.4, 192.168.0.9' }),
    '192.168.0.9',
  );
  const two = createTrustedProxies(['loopback', '192.168.0.9']);
  assert.equal(
    two.clientAddress('127.0.0.1', { 'x-forwarded-for': '9.9.9.9, 1.2.3.4, 192.168.0.9' }),
    '1.2.3.4',
  );
  assert.equal(proxies.clientAddress('127.0.0.1', { 'x-forwarded-for': 'nonsense' }), '127.0.0.1');
});

test('an IPv4 peer on a dual-stack socket is the IPv4 address', () => {
  assert.equal(connectionFacts(request('::ffff:192.168.0.7', {}), nobody).address, '192.168.0.7');
  assert.equal(connectionFacts(request('fe80::1%eth0', {}), nobody).address, 'fe80::1');
});

test('only a loopback peer with a loopback host and no forwarding header is the machine itself', () => {
  const isFromHost = (peer: string, headers: Record<string, string>): boolean =>
    connectionFacts(request(peer, headers), nobody).isFromHost;
  for (const host of ['localhost:5000', '127.0.0.1', '127.0.0.1:5000', '[::1]:5000', 'LOCALHOST']) {
    assert.equal(isFromHost('127.0.0.1', { host }), true, host);
  }
  assert.equal(isFromHost('::1', { host: 'localhost' }), true);
  assert.equal(isFromHost('::ffff:127.0.0.1', { host: 'localhost' }), true);
  assert.equal(isFromHost('192.168.0.7', { host: 'localhost' }), false);
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.0.2:5000',
    '',
  ]) {
    assert.equal(isFromHost('127.0.0.1', { host }), false, host);
  }
  for (const name of [
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'forwarded',
    'via',
  ]) {
    assert.equal(isFromHost('127.0.0.1', { host: 'localhost', [name]: '127.0.0.1' }), false, name);
  }
});

test('what a local proxy passes on in its default HTTP version is not the machine itself', () => {
  const facts = (httpVersion: string) =>
    connectionFacts(Object.assign(request('127.0.0.1', { host: '127.0.0.1:5000' }), { httpVersion }), nobody);
  assert.equal(facts('1.1').isFromHost, true);
  assert.equal(facts('1.0').isFromHost, false);
});

test('host and protocol are those that the client used in front of a trusted proxy', () => {
  const headers = { host: 'inner:5000', 'x-forwarded-host': 'Chat.Office', 'x-forwarded-proto': 'https' };
  const trusted = connectionFacts(request('127.0.0.1', headers), createTrustedProxies(['loopback']));
  assert.deepEqual([trusted.host, trusted.isSecure], ['chat.office', true]);
  const untrusted = connectionFacts(request('127.0.0.1', headers), nobody);
  assert.deepEqual([untrusted.host, untrusted.isSecure], ['inner:5000', false]);
});

test('a malformed host is no host', () => {
  for (const host of ['a b', 'x;y', `x'y`, 'http://x', 'x:y', '<x>']) {
    assert.equal(connectionFacts(request('1.2.3.4', { host }), nobody).host, '', host);
  }
});

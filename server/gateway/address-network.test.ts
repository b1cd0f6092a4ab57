import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './address-network.ts';
import { createAddressCount } from './connection-caps.ts';
import { createRateLimits } from './rate-limit.ts';

test('an IPv6 address stands for its network of 64 bits, other addresses for themselves', () => {
  const networks = [
    ['192.168.0.7', '192.168.0.7'],
    ['', ''],
    ['2001:db8:0:1:1234:5678:9abc:def0', '2001:db8:0:1/64'],
    ['2001:DB8:0:1::1', '2001:db8:0:1/64'],
    ['2001:0db8:0000:0001::7', '2001:db8:0:1/64'],
    ['2001:db8::7', '2001:db8:0:0/64'],
    ['fe80::1', 'fe80:0:0:0/64'],
    ['::1', '0:0:0:0/64'],
    ['::', '0:0:0:0/64'],
    ['1:2:3::', '1:2:3:0/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0/64'],
    ['1::3:4:5:6:192.0.2.33', '1:0:3:4/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4/64'],
  ];
  for (const [address = '', network] of networks) assert.equal(networkOf(address), network, address);
});

const points = { login: 2, register: 1, upload: 1, search_advanced: 1, socket_send_message: 1, general: 1 };

test('the neighbours of an IPv6 network share what an address has', async () => {
  const limits = createRateLimits(points);
  for (let host = 1; host <= 40; host += 1) await limits.take('login', 'a', null, `2001:db8::${host}`);
  await assert.rejects(limits.take('login', 'a', null, '2001:db8::ffff'), { code: 'RATE_LIMITED' });
  await limits.take('login', 'a', null, '2001:db8:0:1::1');
  const count = createAddressCount();
  const release = count.add('2001:db8::1');
  assert.deepEqual([count.of('2001:db8::2'), count.of('2001:db8:0:1::1')], [1, 0]);
  release();
  assert.equal(count.of('2001:db8::2'), 0);
});

test('what a name has at an address is nobody else’s, not even a neighbour’s', async () => {
  const limits = createRateLimits(points);
  for (let count = 0; count < 2; count += 1) await limits.takeForName('login', 'a', 'bob', '2001:db8::1');
  await assert.rejects(limits.takeForName('login', 'a', 'bob', '2001:db8::1'), { code: 'RATE_LIMITED' });
  await limits.takeForName('login', 'a', 'bob', '2001:db8::2');
});

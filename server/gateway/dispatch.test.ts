import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../app-error.ts';
import type { Log } from '../logger.ts';
import { createDispatch } from './dispatch.ts';
import type { Caller, PublicContext, RequestHandlers } from './handler.ts';
import { createRateLimits } from './rate-limit.ts';

const alice: Caller = { userId: 1, userUid: 'alice', role: 'member', sessionUid: 's' };

function setUp(answerMe: () => unknown, options: { settled?: () => Promise<void> | undefined } = {}) {
  const logged: unknown[] = [];
  const write = (message: string, fields?: object): void => void logged.push({ message, ...fields });
  const log: Log = { trace: write, debug: write, info: write, warn: write, error: write, fatal: write };
  const points = {
    login: 2,
    register: 5,
    upload: 10,
    search_advanced: 30,
    socket_send_message: 3,
    general: 50,
  };
  const limits = createRateLimits(points);
  const handlers = {
    'account:me': answerMe,
    'message:send': () => ({ seq: 1, sentAt: 1, rev: 1 }),
    'account:prelogin': () => ({}),
  } as unknown as RequestHandlers; // the tests ask for nothing else
  const settled = options.settled ?? (() => undefined);
  const dispatch = createDispatch({ handlers, limits, settled, log });
  const contextOf = (caller: Caller | null, address = '192.168.0.7'): PublicContext => ({
    requestId: 'r1',
    address,
    userAgent: '',
    isFromHost: false,
    socketId: null,
    now: 0,
    caller,
    cookie: { token: null, start: () => undefined, end: () => undefined },
  });
  const ask = (name: string, input: unknown, context = contextOf(alice)) => {
    const request = dispatch.requests.get(name);
    assert.ok(request);
    return dispatch.answer(request, context, input);
  };
  return { ask, contextOf, logged, limits, dispatch };
}

const send = {
  roomUid: 'AAAAAAAAAAAAAAAAAAAAAA',
  clientId: 'AAAAAAAAAAAAAAAAAAAAAA',
  kind: 'text',
  envelope: `m1.1.${'A'.repeat(256)}`,
};

test('a bug is logged with its stack and id, and the client learns nothing of it', async () => {
  const { ask, logged } = setUp(() => {
    throw new TypeError('secret detail');
  });
  const answer = await ask('account:me', {});
  assert.deepEqual(answer, {
    ok: false,
    code: 'INTERNAL',
    error: 'Something went wrong in the server. It was logged.',
  });
  const [entry] = logged as { requestId: string; request: string; error: Error }[];
  assert.deepEqual([entry?.requestId, entry?.request], ['r1', 'account:me']);
  assert.match(entry?.error.stack ?? '', /secret detail[\s\S]*dispatch\.test/);
});

test('a refusal passes its code, field and waiting time on, and is not logged', async () => {
  const { ask, logged } = setUp(() => {
    throw new AppError('RATE_LIMITED', { field: 'x', retryAfterMs: 5 });
  });
  const answer = await ask('account:me', {});
  assert.deepEqual(
    { ...answer, error: undefined },
    { ok: false, code: 'RATE_LIMITED', error: undefined, field: 'x', retryAfterMs: 5 },
  );
  assert.deepEqual(logged, []);
});

test('nobody who is not signed in gets to a handler, nor does a malformed input', async () => {
  let runs = 0;
  const { ask, contextOf } = setUp(() => (runs += 1));
  const refused = await ask('account:me', {}, contextOf(null));
  assert.equal('code' in refused && refused.code, 'NOT_SIGNED_IN');
  for (const input of [null, 'x', 7, []]) {
    const answer = await ask('account:me', input);
    assert.equal('code' in answer && answer.code, 'INVALID_INPUT');
  }
  assert.equal(runs, 0);
});

test('the wrong field is named, down to its place in a list', async () => {
  const { ask } = setUp(() => ({}));
  const answer = await ask('message:send', { ...send, envelope: 'plain text' });
  assert.equal('field' in answer && answer.field, 'envelope');
});

test('an answer waits for the disk', async () => {
  const order: string[] = [];
  let flushed: () => void = () => undefined;
  const flush = new Promise<void>((resolve) => (flushed = resolve));
  const { ask } = setUp(() => order.push('handler'), { settled: () => flush });
  const answered = ask('account:me', {}).then(() => order.push('answer'));
  setImmediate(() => {
    order.push('flush');
    flushed();
  });
  await answered;
  assert.deepEqual(order, ['handler', 'flush', 'answer']);
});

test('a refusal waits for the disk as well: it may be built on what is not there yet', async () => {
  const order: string[] = [];
  let flushed: () => void = () => undefined;
  const flush = new Promise<void>((resolve) => (flushed = resolve));
  const refuse = (): never => {
    throw new AppError('NOT_FOUND');
  };
  const { ask } = setUp(refuse, { settled: () => flush });
  const answered = ask('account:me', {}).then((answer) => order.push('code' in answer ? answer.code : 'ok'));
  setImmediate(() => {
    order.push('flush');
    flushed();
  });
  await answered;
  assert.deepEqual(order, ['flush', 'NOT_FOUND']);
});

test('a failed flush is no answer', async () => {
  const { ask } = setUp(() => ({}), { settled: () => Promise.reject(new AppError('SHUTTING_DOWN')) });
  const answer = await ask('account:me', {});
  assert.equal('code' in answer && answer.code, 'SHUTTING_DOWN');
});

test('sending is limited per person, and a refused person does not use up the address', async () => {
  const { ask, contextOf, limits } = setUp(() => ({}));
  for (let index = 0; index < 3; index += 1) assert.equal((await ask('message:send', send)).ok, true);
  for (let index = 0; index < 100; index += 1) {
    const answer = await ask('message:send', send);
    assert.ok(!answer.ok && answer.code === 'RATE_LIMITED');
    assert.ok((answer.retryAfterMs ?? 0) > 0 && (answer.retryAfterMs ?? 0) <= 60_000);
  }
  const bob = contextOf({ ...alice, userUid: 'bob' });
  assert.equal((await ask('message:send', send, bob)).ok, true);
  assert.equal(limits.refusals().socket_send_message, 100);
});

test('an address has twenty times the points of a person', async () => {
  const { ask, contextOf } = setUp(() => ({}));
  const codes: string[] = [];
  for (let index = 0; index < 62; index += 1) {
    const answer = await ask('message:send', send, contextOf({ ...alice, userUid: `user-${index}` }));
    codes.push(answer.ok ? 'ok' : answer.code);
  }
  assert.deepEqual(codes.slice(58), ['ok', 'ok', 'RATE_LIMITED', 'RATE_LIMITED']);
});

test('before sign-in a name has its own points at each address, however it is spelled', async () => {
  const { ask, contextOf } = setUp(() => ({}));
  const nobody = contextOf(null);
  const tries = [];
  for (const username of ['Kim', ' kim', 'KIM ', 'lee']) {
    const answer = await ask('account:prelogin', { username }, nobody);
    tries.push(answer.ok ? 'ok' : answer.code);
  }
  assert.deepEqual(tries, ['ok', 'ok', 'RATE_LIMITED', 'ok']);
  const elsewhere = await ask('account:prelogin', { username: 'kim' }, contextOf(null, '192.168.0.8'));
  assert.equal(elsewhere.ok, true);
});

test('draining waits for the handlers under way', async () => {
  let finish: () => void = () => undefined;
  const { ask, dispatch } = setUp(() => new Promise<object>((resolve) => (finish = () => resolve({}))));
  await dispatch.drained();
  const order: string[] = [];
  const answered = ask('account:me', {}).then(() => order.push('answered'));
  await new Promise(setImmediate);
  const drained = dispatch.drained().then(() => order.push('drained'));
  finish();
  await Promise.all([answered, drained]);
  assert.deepEqual(order.toSorted(), ['answered', 'drained']);
});

test('strangers at an address use up their own points, not those of the people who are signed in there', async () => {
  const { limits } = setUp(() => ({}));
  const knock = () => limits.take('login', 'account:prelogin', null, '192.168.0.7');
  for (let count = 0; count < 40; count += 1) await knock();
  await assert.rejects(knock, { code: 'RATE_LIMITED' });
  await limits.take('login', 'account:prelogin', 'alice', '192.168.0.7');
});

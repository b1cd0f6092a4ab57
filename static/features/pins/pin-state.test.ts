import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { messageName } from '../messages/message-state.ts';
import {
  isAsked,
  isNews,
  listedPins,
  noticeKey,
  noticesOf,
  plainPinsOf,
  shownNotice,
  withFacts,
  withRow,
} from './pin-state.ts';

const row = (seq: number, part: Partial<Message> = {}): Message => ({
  roomUid: 'room',
  seq,
  senderUid: 'alice',
  clientId: `m${seq}`,
  kind: 'text',
  target: null,
  n: 0,
  envelope: 'sealed',
  sentAt: seq,
  rev: seq,
  ...part,
});
const sealed = (message: Message): MessageEntry => ({ message, content: { state: 'sealed' } });
const pinned = (seq: number, at: number): Message => row(seq, { pin: { at, byUid: 'bob' } });
const raised = (seq: number, at: number, part: Partial<Message> = {}): Message =>
  row(seq, { pin: { at: 1, byUid: 'bob', notice: { at, byUid: 'bob' } }, ...part });
const facts = { acknowledged: 1, people: 3, isAcknowledged: false };
const names = (entries: readonly MessageEntry[]): string[] => entries.map(({ message }) => message.clientId);

test('notices and pins are told apart, the newest deed first', () => {
  const pins = listedPins([raised(1, 50), raised(2, 40), pinned(3, 10), pinned(4, 20)].map(sealed), [], null);
  assert.deepEqual(names(noticesOf(pins)), ['m1', 'm2']);
  assert.deepEqual(names(plainPinsOf(pins)), ['m4', 'm3']);
});

test('the notice that I have not acknowledged is shown before a newer one that I have', () => {
  const entries = [raised(1, 50), raised(2, 40)].map(sealed);
  const listed = listedPins(
    entries,
    entries.map(({ message }) => ({ message: messageName(message), ...facts })),
    null,
  );
  assert.equal(shownNotice(listed, 'bob')?.message.seq, 1);
  const answered = withFacts(listed, 'alice.m1', { isAcknowledged: true });
  assert.equal(shownNotice(answered, 'bob')?.message.seq, 2);
  const all = withFacts(answered, 'alice.m2', { isAcknowledged: true });
  assert.equal(shownNotice(all, 'bob')?.message.seq, 1);
  const [first] = entries;
  assert.ok(first);
  assert.equal(isAsked(listed, first, 'alice'), false, 'nobody acknowledges their own');
  assert.equal(withFacts(listed, 'alice.m9', { acknowledged: 2 }), listed);
});

test('a row that is heard of replaces an older one, comes new with a pin, and goes without one', () => {
  const pins = listedPins([sealed(pinned(3, 10))], [], null);
  assert.equal(isNews(pins, 10, pinned(3, 10)), false, 'it is what is known');
  assert.equal(isNews(pins, 10, { ...pinned(3, 10), rev: 4 }), true);
  assert.equal(isNews(pins, 10, pinned(9, 10)), false, 'the list was newer and did not have it');
  assert.equal(isNews(pins, 10, pinned(11, 10)), true);
  assert.equal(isNews(pins, 10, row(12)), false, 'an edit of what is not pinned');
  const gone = withRow(pins, sealed(row(3, { rev: 4 })), undefined);
  assert.equal(gone.entries.size, 0);
});

test('a notice begins with nobody, keeps its numbers over an edit, and loses them when it is lowered', () => {
  const pins = withRow(listedPins([sealed(pinned(3, 10))], [], null), sealed(raised(3, 60)), undefined);
  assert.deepEqual(pins.notices.get('alice.m3'), { acknowledged: 0, people: 0, isAcknowledged: false });
  const counted = withFacts(pins, 'alice.m3', facts);
  const edited = withRow(counted, sealed(raised(3, 60, { n: 1, envelope: 'other' })), undefined);
  assert.deepEqual(edited.notices.get('alice.m3'), facts);
  assert.equal(withRow(edited, sealed(pinned(3, 10)), undefined).notices.size, 0);
  const again = withRow(edited, sealed(raised(3, 70)), undefined);
  assert.equal(again.notices.get('alice.m3')?.acknowledged, 0, 'it was raised anew');
});

test('another text, or being raised anew, makes a folded notice another one', () => {
  const key = noticeKey(sealed(raised(3, 60)));
  assert.equal(noticeKey(sealed(raised(3, 60, { rev: 99 }))), key);
  assert.notEqual(noticeKey(sealed(raised(3, 60, { n: 1 }))), key);
  assert.notEqual(noticeKey(sealed(raised(3, 70))), key);
});

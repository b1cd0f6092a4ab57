import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealedEntry } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { linksOf } from './room-links.ts';

const row = (seq: number, text: string | null): MessageEntry => {
  const entry = sealedEntry({
    roomUid: 'room',
    seq,
    senderUid: 'alice',
    clientId: String(seq),
    kind: 'text',
    target: null,
    n: 0,
    envelope: 'm1.1.x',
    sentAt: seq,
    rev: seq,
  });
  if (text === null) return entry;
  const opened = { composedAt: null, isVerified: true, isClockOff: false, isOrderOdd: false };
  return { ...entry, content: { state: 'open', text, at: seq, ...opened } };
};

test('the newest links come first, each where it was sent last, and sealed rows say nothing', () => {
  const links = linksOf([
    row(1, 'http://a.example와 https://b.example/x'),
    row(2, null),
    row(3, '링크 없음'),
    row(4, '다시 http://a.example'),
  ]);
  assert.deepEqual(
    links.map(({ href, seq }) => [href, seq]),
    [
      ['http://a.example/', 4],
      ['https://b.example/x', 1],
    ],
  );
});

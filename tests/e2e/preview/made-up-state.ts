/** People, rooms and messages of an office that does not exist, for looking at the views without a server. */
import type { Me, Person } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import type { Room } from '#contract/rooms.ts';
import type { OutboxItem } from '../../../static/connection/outbox-state.ts';
import type { RoomReason, RoomVerdict } from '../../../static/crypto/index.ts';
import type { MessageContent, MessageEntry } from '../../../static/features/messages/message-state.ts';
import { newRoomEntry } from '../../../static/features/rooms/room-state.ts';
import type { RoomEntry } from '../../../static/features/rooms/room-state.ts';
import { plainRoom } from '../../../static/testing/plain-room.ts';

export const uid = (name: string): string => name.padEnd(21, '_').slice(0, 21) + 'A';

/** 2026-11-20 10:45 in the browser's own zone. */
export const now = new Date(2026, 10, 20, 10, 45).getTime();
const minute = 60_000;

const person = (
  id: string,
  displayName: string,
  department: string,
  title: string,
  statusText = '',
): Person => ({
  userUid: uid(id),
  username: id,
  displayName,
  department,
  title,
  statusText,
  state: 'active',
  identityVersion: 1,
  rev: 1,
});

export const me: Me = {
  ...person('jimin.han', '한지민', '재무팀', '대리', '외근 ~17:00'),
  role: 'owner',
  createdAt: now - 90 * 86_400_000,
};

export const people: readonly Person[] = [
  me,
  person('doyun.kim', '김도윤', '재무팀', '과장'),
  person('haeun.lee', '이하은', '재무팀', '대리', '점심 다녀올게요'),
  person('yujin.seo', '서유진', '인사팀', '팀장'),
  { ...person('minsu.kim', '김민수', '설비팀', '사원'), identityVersion: 2 },
  person('minsu.kim2', '김민수', '영업1팀', '차장'),
  person('seojun.park', '박서준', '개발팀', '책임'),
  person('alex', 'Alex Turner', 'Overseas sales', 'Manager'),
  { ...person('newbie', '정하늘', '총무팀', ''), identityVersion: 0 },
];

const room = (
  id: string,
  type: Room['type'],
  title: string,
  members: readonly string[],
  lastSeq: number,
  readSeq: number,
): Room => ({
  roomUid: uid(id),
  type,
  title,
  rev: lastSeq + 1,
  lastSeq,
  createdAt: now - 30 * 86_400_000,
  ownerUid: type === 'group' ? me.userUid : null,
  epoch: 3,
  epochHash: 'A'.repeat(43),
  isRekeyNeeded: false,
  ...plainRoom,
  members: [me.username, ...members].map((name) => ({
    userUid: uid(name),
    joinedSeq: 1,
    readSeq: name === me.username ? readSeq : name === 'doyun.kim' ? lastSeq : Math.max(0, lastSeq - 2),
    joinedAt: now - 30 * 86_400_000,
    role: name === me.username ? ('owner' as const) : ('member' as const),
  })),
});

const open = (
  text: string,
  more: Partial<Extract<MessageContent, { state: 'open' }>> = {},
): MessageContent => ({
  state: 'open',
  text,
  at: now,
  composedAt: null,
  isVerified: true,
  isClockOff: false,
  isOrderOdd: false,
  ...more,
});

const entry = (
  roomUid: string,
  seq: number,
  sender: string,
  sentAt: number,
  content: MessageContent,
): MessageEntry => {
  const message: Message = {
    roomUid,
    seq,
    senderUid: uid(sender),
    clientId: uid(`message${seq}`),
    kind: 'text',
    target: null,
    n: 0,
    envelope: `m1.1.${'A'.repeat(192)}`,
    sentAt,
    rev: seq,
  };
  return { message, content };
};

const verdict = (of: Room, change: Partial<RoomVerdict> = {}): RoomVerdict => ({
  roomUid: of.roomUid,
  status: 'sendable',
  reason: null,
  subject: null,
  epoch: 3,
  type: of.type,
  history: false,
  people: of.members.map(({ userUid }) => ({ userUid, version: 1, fingerprint: 'A'.repeat(22) })),
  toRemove: [],
  notInRecord: [],
  changes: [],
  nameWarnings: [],
  renewable: [],
  markChanged: [],
  ...change,
});

export const teamUid = uid('team');
export const directUid = uid('direct');

const longText = Array.from(
  { length: 40 },
  (_, index) => `${index + 1}. 결산 점검 항목을 확인하고 서명합니다.`,
).join('\n');

function teamEntry(): RoomEntry {
  const of = room(
    'team',
    'group',
    '재무팀',
    ['doyun.kim', 'haeun.lee', 'minsu.kim', 'minsu.kim2', 'yujin.seo'],
    17,
    12,
  );
  const at = (hours: number, minutes: number): number => new Date(2026, 10, 20, hours, minutes).getTime();
  const yesterday = (hours: number, minutes: number): number =>
    new Date(2026, 10, 19, hours, minutes).getTime();
  const tail = [
    entry(teamUid, 1, 'haeun.lee', yesterday(16, 2), open('내일 결산 자료 마감인 거 다들 아시죠?')),
    entry(teamUid, 2, 'jimin.han', yesterday(16, 3), open('네! 초안은 오늘 저녁까지 정리해 둘게요.')),
    entry(teamUid, 3, 'jimin.han', yesterday(16, 3), open('환율은 어느 시점 기준으로 볼까요?')),
    entry(teamUid, 4, 'minsu.kim2', yesterday(16, 9), open(longText)),
    entry(teamUid, 5, 'doyun.kim', yesterday(18, 40), { state: 'unreadable', reason: 'NO_KEY' }),
    entry(teamUid, 6, 'doyun.kim', at(10, 12), open('3분기 결산 자료 초안입니다. 확인 부탁드려요 🙏')),
    entry(
      teamUid,
      7,
      'doyun.kim',
      at(10, 12),
      open('자료는 http://192.168.0.12/finance/2026-q3 에 있습니다.'),
    ),
    entry(
      teamUid,
      8,
      'jimin.han',
      at(10, 20),
      open('매출원가 시트의 환율이 지난달 값 같아요. 확인해 주실 수 있을까요?'),
    ),
    entry(teamUid, 9, 'minsu.kim', at(10, 24), { state: 'unreadable', reason: 'TAMPERED' }),
    entry(
      teamUid,
      10,
      'yujin.seo',
      at(10, 31),
      open('저는 오후 3시 이후에 볼 수 있습니다', { isClockOff: true }),
    ),
    entry(teamUid, 11, 'jimin.han', at(10, 33), open('좋아요 👍')),
    entry(
      teamUid,
      12,
      'jimin.han',
      at(10, 33),
      open('그럼 3시에 회의실에서 잠깐 볼까요?\n안건은 두 가지예요.\n 1) 환율\n 2) 재고 평가'),
    ),
    entry(teamUid, 13, 'haeun.lee', at(10, 38), open('결산 리뷰 회의, 금 16:00 어떠세요?')),
    entry(teamUid, 14, 'haeun.lee', at(10, 38), open('월요일 오전도 괜찮습니다')),
    entry(teamUid, 15, 'minsu.kim', at(10, 40), open('금요일이 좋겠습니다.')),
    entry(teamUid, 16, 'haeun.lee', at(10, 41), { state: 'sealed' }),
    entry(
      teamUid,
      17,
      'doyun.kim',
      at(10, 42),
      open('맞네요, 바로 고쳤습니다. 한지민 님 다시 한번 봐 주세요.'),
    ),
  ];
  const change = {
    epoch: 2,
    afterSeq: 10,
    madeAt: at(10, 32),
    creatorUid: me.userUid,
    added: [uid('minsu.kim2')],
    removed: [],
    confirmed: [],
    history: null,
  };
  const made = newRoomEntry(of, tail);
  return {
    ...made,
    isStartReached: true,
    newLineSeq: 13,
    keys: { ...made.keys, verdict: verdict(of, { changes: [change] }), changes: [change] },
  };
}

function simpleEntry(
  id: string,
  type: Room['type'],
  title: string,
  members: readonly string[],
  text: string,
  ago: number,
  unread: number,
): RoomEntry {
  const of = room(id, type, title, members, 3, 3 - unread);
  const sender = members[0] ?? me.username;
  const made = newRoomEntry(of, [entry(of.roomUid, 3, sender, now - ago * minute, open(text))]);
  return { ...made, isStartReached: true, keys: { ...made.keys, verdict: verdict(of) } };
}

export function madeUpRooms(): RoomEntry[] {
  return [
    teamEntry(),
    simpleEntry('direct', 'direct', '', ['yujin.seo'], '네, 오후에 확인할게요!', 14, 3),
    simpleEntry(
      'notice',
      'group',
      '전사 공지',
      ['seojun.park', 'alex', 'haeun.lee'],
      '보안 점검 안내 (금 18시)',
      47,
      1,
    ),
    simpleEntry('minsu', 'direct', '', ['minsu.kim'], 'UPS-2 정상 복귀했습니다', 60 * 15, 0),
    simpleEntry('minsu2', 'direct', '', ['minsu.kim2'], '견적서 보내 드렸어요', 60 * 20, 0),
    simpleEntry(
      'tf',
      'group',
      '신제품 TF — 2027 상반기 출시 준비',
      ['seojun.park', 'alex'],
      'Let’s pick the date tomorrow.',
      60 * 26,
      0,
    ),
    simpleEntry('alex', 'direct', '', ['alex'], 'Thanks!', 60 * 24 * 4, 0),
    simpleEntry('old', 'group', '등산 동호회', ['seojun.park'], '다음 달에 봬요', 60 * 24 * 40, 0),
  ];
}

const waiting = (id: string, text: string, state: OutboxItem['state']): OutboxItem => ({
  clientId: uid(id),
  roomUid: teamUid,
  text,
  target: null,
  composedAt: now,
  order: 1,
  state,
});

export const unsent: readonly OutboxItem[] = [
  waiting('sent1', '네, 지금 보고 있어요.', { name: 'sent', seq: 18, sentAt: now }),
  waiting('wait1', '환율 시트도 같이 고쳐 주시면 감사하겠습니다!', {
    name: 'waiting',
    reason: null,
    retryAt: null,
  }),
  waiting('fail1', '아, 그리고 회의실은 302호로 잡았습니다.', {
    name: 'failed',
    reason: 'NOT_FOUND',
    subject: null,
  }),
  waiting('sealed1', '', { name: 'failed', reason: 'TEXT_SEALED', subject: null }),
];

/** A room with very many messages, to scroll through. */
export function hugeEntry(count: number): RoomEntry {
  const of = room('huge', 'group', '십만 개의 메시지', ['doyun.kim', 'haeun.lee'], count, count);
  const senders = ['doyun.kim', 'haeun.lee', 'jimin.han'];
  const words = [
    '확인했습니다.',
    '네, 그렇게 할게요!',
    '오늘 오후에 다시 이야기해요. 회의실은 3층입니다.',
    '자료를 다시 올렸습니다. 두 번째 시트의 숫자가 바뀌었으니 한 번 더 봐 주세요. 급하지는 않습니다.',
  ];
  const tail = Array.from({ length: count }, (_, index) =>
    entry(
      of.roomUid,
      index + 1,
      senders[Math.floor(index / 3) % 3] ?? 'doyun.kim',
      now - (count - index) * minute,
      open(`${index + 1} ${words[(index * 7) % 4] ?? ''}`),
    ),
  );
  const made = newRoomEntry(of, tail);
  return { ...made, isStartReached: true, keys: { ...made.keys, verdict: verdict(of) } };
}

export const held = (of: RoomEntry, reason: RoomReason): RoomEntry => ({
  ...of,
  keys: {
    ...of.keys,
    verdict: verdict(of.room, {
      status: reason === 'OWN_VERSION_OLD' ? 'waiting' : 'quarantined',
      reason,
      subject: reason === 'PIN_CONFLICT' ? uid('minsu.kim') : null,
      markChanged: reason === 'FORK' ? [uid('yujin.seo')] : [],
      notInRecord: [uid('seojun.park')],
      nameWarnings: [
        { kind: 'renamed', userUid: uid('doyun.kim'), displayName: '김도윤', pinnedName: '김도운' },
      ],
    }),
  },
});

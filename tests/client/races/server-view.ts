/** What the server has stored, read past the server itself: the truth that clients are compared with. */
import path from 'node:path';
import Database from 'better-sqlite3';
import type { MessageRow } from '../../../static/crypto/index.ts';
import { parseRecord } from '../../../static/crypto/room-record.ts';
import type { World } from './world.ts';

export type StoredRoom = {
  rev: number;
  epoch: number;
  hash: string;
  isRekeyNeeded: boolean;
  /** Ascending uids. */
  memberUids: string[];
  /** By uid: the first seq that a member may read. */
  joinedSeqs: Map<string, number>;
};

export type StoredEpoch = {
  epoch: number;
  afterSeq: number;
  history: boolean;
  namedUids: Set<string>;
  /** By uid: which version of that person it names. */
  versions: Map<string, number>;
};

/** `holders`: by epoch, who has a wrap of it. */
export type StoredKeys = { epochs: StoredEpoch[]; holders: Map<number, Set<string>> };

export type ServerView = {
  /** Undefined once everybody has left. */
  room: (roomUid: string) => StoredRoom | undefined;
  keys: (roomUid: string) => StoredKeys;
  rows: (roomUid: string) => MessageRow[];
  isDisabled: (userUid: string) => boolean;
  /** The newest identity of somebody. */
  versionOf: (userUid: string) => number;
  close: () => void;
};

export function openServerView({ server }: Pick<World, 'server'>): ServerView {
  // the server's own library: a second one in this process would take the locks of the first one away
  const db = new Database(path.join(server.dataDir, 'maru.db'), { readonly: true });
  const room = db.prepare<unknown[], Row>(
    'select id, rev, epoch, epoch_hash, is_rekey_needed from rooms where uid = ?',
  );
  const members = db.prepare<unknown[], Row>(
    'select users.uid, joined_seq from members join users on users.id = user_id where room_id = ? order by users.uid',
  );
  const epochs = db.prepare<unknown[], Row>(
    `select epochs.epoch, after_seq, record from epochs join rooms on rooms.id = room_id
     where rooms.uid = ? order by epochs.epoch`,
  );
  const wraps = db.prepare<unknown[], Row>(
    `select wraps.epoch, users.uid from wraps join users on users.id = user_id join rooms on rooms.id = room_id
     where rooms.uid = ?`,
  );
  const person = db.prepare<unknown[], Row>('select state, identity_version from users where uid = ?');
  const rows = db.prepare<unknown[], Row>(
    `select seq, users.uid as sender, client_id, kind, target, n, envelope, sent_at
     from messages join rooms on rooms.id = room_id join users on users.id = sender_id
     where rooms.uid = ? order by seq`,
  );
  return {
    room(roomUid) {
      const row = room.get(roomUid);
      if (row === undefined) return undefined;
      const joined = members
        .all(Number(row['id']))
        .map((member) => [String(member['uid']), Number(member['joined_seq'])] as const);
      return {
        rev: Number(row['rev']),
        epoch: Number(row['epoch']),
        hash: String(row['epoch_hash']),
        isRekeyNeeded: row['is_rekey_needed'] === 1,
        memberUids: joined.map(([uid]) => uid),
        joinedSeqs: new Map(joined),
      };
    },
    keys(roomUid) {
      const holders = new Map<number, Set<string>>();
      for (const wrap of wraps.all(roomUid)) {
        const epoch = Number(wrap['epoch']);
        holders.set(epoch, (holders.get(epoch) ?? new Set()).add(String(wrap['uid'])));
      }
      return { epochs: epochs.all(roomUid).map(toEpoch), holders };
    },
    rows: (roomUid) => rows.all(roomUid).map((row) => toMessageRow(roomUid, row)),
    versionOf: (userUid) => Number(person.get(userUid)?.['identity_version']),
    isDisabled: (userUid) => person.get(userUid)?.['state'] === 'disabled',
    close: () => db.close(),
  };
}

type Row = Record<string, string | number | null>;

function toEpoch(row: Row): StoredEpoch {
  const record = parseRecord(String(row['record']));
  if (record === null) throw new Error('the server has stored a record that is none');
  return {
    epoch: Number(row['epoch']),
    afterSeq: Number(row['after_seq']),
    history: record.history,
    namedUids: new Set(record.people.map(({ userUid }) => userUid)),
    versions: new Map(record.people.map(({ userUid, version }) => [userUid, version])),
  };
}

const toMessageRow = (roomUid: string, row: Row): MessageRow => ({
  roomUid,
  seq: Number(row['seq']),
  senderUid: String(row['sender']),
  clientId: String(row['client_id']),
  target: row['target'] === null ? null : String(row['target']),
  n: Number(row['n']),
  sentAt: Number(row['sent_at']),
  kind: String(row['kind']),
  envelope: String(row['envelope']),
});

/** A person with a fresh identity in the product's own crypto worker (the built one), inside the product's page. */
import { createCryptoClient } from '../../static/crypto/index.ts';
import type {
  CryptoClient,
  MadeEpoch,
  MessageRow,
  PersonToAdd,
  RegistrationKeys,
} from '../../static/crypto/index.ts';
import { createIdentityKeys, makeStatement } from '../../static/crypto/identity.ts';
import { browserRandom } from '../../static/crypto/random.ts';
import type { EpochRow, StatementRow } from '#contract/sealed.ts';

/** `statements` and `epochs` are what the server would store. */
export type Stand = {
  client: CryptoClient;
  me: { userUid: string; displayName: string };
  request: RegistrationKeys;
  statements: Map<string, StatementRow>;
  epochs: EpochRow[];
};

export const password = 'wide wooden floor';

export const randomUid = (): string =>
  btoa(String.fromCharCode(...browserRandom(16)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace('==', '');

/** The built workers, by the addresses that the page itself names. */
async function workerMaker(name: string): Promise<() => Worker> {
  const page = await (await fetch('/')).text();
  const address = new RegExp(`/assets/${name}-[A-Z0-9]+\\.js`).exec(page)?.[0];
  if (address === undefined) throw new Error(`the page names no ${name}`);
  return () => new Worker(address);
}

export async function startStand(username: string, displayName: string): Promise<Stand> {
  const statements = new Map<string, StatementRow>();
  const epochs: EpochRow[] = [];
  const values = new Map<string, string>();
  const client = createCryptoClient({
    deviceId: randomUid(),
    createCryptoWorker: await workerMaker('crypto-worker'),
    createArgon2Worker: await workerMaker('argon2-worker'),
    storage: {
      get: async (key) => values.get(key) ?? null,
      put: async (key, value) => void values.set(key, value),
    },
    fetchRecords: async (_, from, to) => epochs.filter(({ epoch }) => epoch >= from && epoch <= to),
    fetchStatements: async (people) => people.flatMap(({ userUid }) => statements.get(userUid) ?? []),
    pinsChanged: () => undefined,
  });
  const me = { userUid: randomUid(), displayName };
  const { request } = await client.prepareRegistration({ ...me, username, password });
  await client.finishRegistration();
  const stand = { client, me, request, statements, epochs };
  statements.set(me.userUid, statementOf(stand));
  return stand;
}

export const statementOf = ({ me, request }: Pick<Stand, 'me' | 'request'>): StatementRow => ({
  userUid: me.userUid,
  version: 1,
  statement: request.statement,
  signature: request.statementSignature,
});

/** People who exist only by their statements. */
export function inventPeople(stand: Stand, count: number): PersonToAdd[] {
  return Array.from({ length: count }, (_, index) => {
    const userUid = randomUid();
    stand.statements.set(userUid, makeStatement(userUid, createIdentityKeys(1, browserRandom)));
    return { userUid, version: 1, displayName: `사람 ${index + 1}` };
  });
}

/** Stores an epoch as the server would, and has it accepted. */
export async function acceptEpoch(
  stand: Stand,
  roomUid: string,
  made: MadeEpoch,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const { epoch, hash, record, signature, wraps } = made;
  const wrap = wraps.find(({ userUid }) => userUid === stand.me.userUid)?.wrap ?? null;
  stand.epochs.push({ roomUid, epoch, hash, record, signature, wrap, afterSeq: 0, madeAt: Date.now() });
  const verdict = await stand.client.acceptRoom({
    roomUid,
    newest: { epoch, hash },
    members: wraps.map(({ userUid }) => ({ userUid, displayName: names.get(userUid) ?? '' })),
  });
  if (verdict.status !== 'sendable') throw new Error(`the room is ${verdict.status}: ${verdict.reason}`);
}

const text = '회의 자료를 공유 폴더에 올려 두었습니다. 시간 되실 때 확인해 주시고 의견 부탁드립니다. ';

/** A sealed message of mine with this number in its text. */
export async function sealRow(stand: Stand, roomUid: string, seq: number): Promise<MessageRow> {
  const row = { roomUid, clientId: randomUid(), target: null, n: 0 };
  const content = { kind: 'text', text: text + seq } as const;
  const sealed = await stand.client.sealMessage({ ...row, content, at: Date.now(), after: null });
  if (!sealed.ok) throw new Error(`not sealed: ${sealed.reason}`);
  const { envelope } = sealed;
  return { ...row, seq, senderUid: stand.me.userUid, kind: 'text', envelope, sentAt: Date.now() };
}

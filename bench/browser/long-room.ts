/** Two real accounts on a real server, and a room of theirs that is filled with messages that can be opened. */
import type { RequestInput, RequestOutput } from '#contract/index.ts';
import type { LongRoom } from '../product/page-answers.ts';
import { acceptEpoch, password, randomUid, sealRow, startStand, statementOf } from './stand.ts';
import type { Stand } from './stand.ts';

type Owner = { stand: Stand; csrfToken: string; roomUid: string };

let owner: Owner | null = null;
const parallel = 8;

async function post<Output>(path: string, body: unknown, csrfToken = ''): Promise<Output> {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer as Output; // what the contract says of this route
}

async function register(username: string, displayName: string) {
  const stand = await startStand(username, displayName);
  const input: RequestInput<'account:register'> = { ...stand.me, username, ...stand.request };
  const { csrfToken } = await post<RequestOutput<'account:register'>>('/api/register', input);
  return { stand, csrfToken };
}

/** Registers bob, then alice, who stays signed in in this browser, and makes a group of both. */
export async function enrolPair(title: string): Promise<LongRoom> {
  const bob = await register('bob', '밥');
  const alice = await register('alice', '앨리스');
  const { client, statements } = alice.stand;
  statements.set(bob.stand.me.userUid, statementOf(bob.stand));
  const roomUid = randomUid();
  const people = [{ ...bob.stand.me, version: 1 }];
  const epoch = await client.makeFirstEpoch({ roomUid, type: 'group', history: false, people });
  const { record, signature, wraps } = epoch;
  const input: RequestInput<'room:create'> = {
    roomUid,
    type: 'group',
    title,
    epoch: { record, signature, wraps },
  };
  await post('/api/rooms', input, alice.csrfToken);
  const names = new Map([bob.stand.me, alice.stand.me].map((person) => [person.userUid, person.displayName]));
  await acceptEpoch(alice.stand, roomUid, epoch, names);
  owner = { ...alice, roomUid };
  const { userUid: ownerUid } = alice.stand.me;
  return { roomUid, username: 'alice', password, ownerUid, otherUid: bob.stand.me.userUid };
}

/** Sends `count` messages as alice; the last one's text ends with `count`. */
export async function postMessages(count: number): Promise<void> {
  if (owner === null) throw new Error('nobody is enrolled');
  const { stand, csrfToken, roomUid } = owner;
  let last = 0;
  const sendNext = async (): Promise<void> => {
    while (last < count) {
      last += 1;
      const { clientId, envelope } = await sealRow(stand, roomUid, last);
      await post(`/api/rooms/${roomUid}/messages`, { clientId, kind: 'text', envelope }, csrfToken);
    }
  };
  await Promise.all(Array.from({ length: parallel }, sendNext));
}

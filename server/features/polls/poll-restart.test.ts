import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRoom, pollFor } from '../../testing/rooms.ts';
import { createDataFolder } from '../../testing/restored-server.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';

test('a deadline that came while the server was away closes the poll at that time, later ones are still waited for', async () => {
  const { dataDir, remove } = createDataFolder();
  const first = await startTestServer({ dataDir });
  const alice = await first.connectAs('alice');
  const room = await createRoom(alice, [], '혼자');
  const soon = pollFor(room, { closesAt: first.clock.now() + 30 * 60_000 });
  const later = pollFor(room, { closesAt: first.clock.now() + 90 * 60_000 });
  for (const input of [soon, later]) await alice.ask('message:send', input);
  await first.stop();

  const second = await startTestServer({ dataDir });
  const again = await connectTestClient(second.port, alice.person);
  try {
    // an hour in which nothing ran would look like this, too: what was due is found by the first look
    second.clock.advance(60 * 60_000);
    const closed = await again.next('message:changed', ({ message }) => message.clientId === soon.clientId);
    assert.equal(closed.message.poll?.closedAt, soon.poll.closesAt);
    const page = await again.ask('message:page', { roomUid: room.roomUid });
    assert.equal(page.messages.at(-1)?.poll?.closedAt, null);
    second.clock.advance(60 * 60_000);
    const last = await again.next('message:changed', ({ message }) => message.clientId === later.clientId);
    assert.equal(last.message.poll?.closedAt, later.poll.closesAt);
  } finally {
    again.close();
    await second.stop();
    remove();
  }
});

/** `npm run bench`: every budget of docs/architecture.md that applies, as one table. `npm run bench -- <name>`: some of it. */
import { machineDescription } from './machine.ts';
import { removeTemporaryFolders } from './product/product-server.ts';
import { notMeasured } from './row.ts';
import type { Measurement, Row } from './row.ts';
import { epoch, openMessages } from './rows/client-crypto.ts';
import { clientSize } from './rows/client-size.ts';
import { connectionMemory } from './rows/connection-memory.ts';
import { deliveryCost } from './rows/delivery-cost.ts';
import { healing } from './rows/healing.ts';
import { largeRooms } from './rows/large-rooms.ts';
import { longRoom } from './rows/long-room.ts';
import { manyRooms } from './rows/many-rooms.ts';
import { readCursors } from './rows/read-cursors.ts';
import { reconnect } from './rows/reconnect.ts';
import { startTime } from './rows/start-time.ts';
import { throughput } from './rows/throughput.ts';
import { writeStalls } from './rows/write-stalls.ts';
import { formatTable } from './table.ts';

const rows: readonly Row[] = [
  deliveryCost,
  throughput,
  connectionMemory,
  startTime,
  readCursors,
  reconnect,
  writeStalls,
  epoch,
  openMessages,
  clientSize,
  longRoom,
  manyRooms,
  healing,
  largeRooms,
];

/** A row that breaks must not take the others with it. */
async function measure(row: Row): Promise<Measurement[]> {
  try {
    return await row.measure();
  } catch (error) {
    return [
      notMeasured(row.name, '-', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    ];
  }
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(
      `No such row: ${unknown.join(', ')}. There are: ${rows.map(({ name }) => name).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  console.log(`${machineDescription()}\n`);
  const measurements: Measurement[] = [];
  for (const row of rows.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const startedAt = performance.now();
    measurements.push(...(await measure(row)));
    console.error(`${row.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  console.log(`\n${formatTable(measurements)}`);
  if (measurements.some(({ verdict }) => verdict !== 'ok')) process.exitCode = 1;
}

process.once('SIGINT', () => process.exit(130));
try {
  await main(process.argv.slice(2));
} finally {
  await removeTemporaryFolders();
}

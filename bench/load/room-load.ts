/** Sends into rooms at a steady rate and counts what arrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLatencyHistogram } from '../statistics.ts';
import { createBodyMaker } from './sealed-body.ts';
import { openSeat } from './seat.ts';
import type { Seat, SeatPlan } from './seat.ts';

export type LoadPlan = { messagesPerSecond: number; durationMs: number; sealedBytes: number };

export type LoadReport = {
  sent: number;
  acknowledged: number;
  refused: number;
  /** The first refusal, as the server worded it. */
  refusal: string;
  delivered: number;
  /** Acknowledged messages times the seats of their rooms. */
  expected: number;
  /** Deliveries whose number was not the one after the last on that connection: lost, doubled or reordered. */
  outOfOrder: number;
  /** From the first message to the last delivery. */
  elapsedMs: number;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  /** Share of one core that the generator itself used while it sent: near 1 means that it was the limit. */
  generatorLoad: number;
  /** Messages per second that the generator really sent. */
  sentPerSecond: number;
};

export type RoomLoad = {
  run: (plan: LoadPlan) => Promise<LoadReport>;
  close: () => void;
};

type Counters = { delivered: number; outOfOrder: number; lastDeliveryAt: number };

/** Opens all seats, at most `parallel` at once; the seats of one room are those with the same `room`. */
export async function openRoomLoad(
  port: number,
  plans: readonly SeatPlan[],
  parallel = 64,
): Promise<RoomLoad> {
  const latency = createLatencyHistogram();
  const counters: Counters = { delivered: 0, outOfOrder: 0, lastDeliveryAt: 0 };
  const seatsByRoom = new Map<number, Seat[]>();
  const openNext = async (plan: SeatPlan): Promise<void> => {
    const seat = await openSeat(port, plan, createDeliveryCounter(counters, latency));
    seatsByRoom.set(plan.room, [...(seatsByRoom.get(plan.room) ?? []), seat]);
  };
  const waiting = [...plans];
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop()) await openNext(plan);
    }),
  );
  const rooms = [...seatsByRoom.values()];
  return {
    run: async (plan) => {
      latency.clear();
      Object.assign(counters, { delivered: 0, outOfOrder: 0 });
      return runLoad(rooms, plan, counters, latency);
    },
    close: () => {
      for (const seat of rooms.flat()) seat.close();
    },
  };
}

function createDeliveryCounter(counters: Counters, latency: ReturnType<typeof createLatencyHistogram>) {
  let lastSeq = -1;
  return (sentAtUs: number, seq: number): void => {
    const now = performance.now();
    counters.lastDeliveryAt = now;
    counters.delivered += 1;
    if (lastSeq >= 0 && seq !== lastSeq + 1) counters.outOfOrder += 1;
    if (seq >= 0) lastSeq = seq;
    latency.add(now * 1000 - sentAtUs);
  };
}

async function runLoad(
  rooms: readonly Seat[][],
  plan: LoadPlan,
  counters: Counters,
  latency: ReturnType<typeof createLatencyHistogram>,
): Promise<LoadReport> {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const sending = createSender(rooms, plan);
  while (performance.now() - startedAt < plan.durationMs) {
    const due = Math.floor(((performance.now() - startedAt) * plan.messagesPerSecond) / 1000);
    sending.sendUpTo(due);
    await sleep(1);
  }
  const { user, system } = process.cpuUsage(cpu);
  const sendingMs = performance.now() - startedAt;
  await settle(() => sending.outstanding() === 0 && counters.delivered >= sending.totals.expected, counters);
  return {
    ...sending.totals,
    delivered: counters.delivered,
    outOfOrder: counters.outOfOrder,
    elapsedMs: counters.lastDeliveryAt - startedAt,
    p50Ms: latency.percentileMs(0.5),
    p99Ms: latency.percentileMs(0.99),
    longestMs: latency.longestMs(),
    generatorLoad: (user + system) / 1000 / sendingMs,
    sentPerSecond: (sending.totals.sent * 1000) / sendingMs,
  };
}

function createSender(rooms: readonly Seat[][], plan: LoadPlan) {
  const makeBody = createBodyMaker(1, plan.sealedBytes);
  const totals = { sent: 0, acknowledged: 0, refused: 0, refusal: '', expected: 0 };
  const sendOne = (): void => {
    const seats = rooms[totals.sent % rooms.length] ?? [];
    const seat = seats[Math.floor(totals.sent / rooms.length) % seats.length];
    totals.sent += 1;
    seat?.send(makeBody(performance.now() * 1000), (isOk, refusal) => {
      if (isOk) {
        totals.acknowledged += 1;
        totals.expected += seats.length;
        return;
      }
      totals.refusal ||= refusal();
      totals.refused += 1;
    });
  };
  return {
    totals,
    sendUpTo: (due: number) => {
      while (totals.sent < due) sendOne();
    },
    outstanding: () => totals.sent - totals.acknowledged - totals.refused,
  };
}

/** Waits until everything has arrived, or nothing has for three seconds. */
async function settle(isDone: () => boolean, counters: Counters): Promise<void> {
  const sentAt = performance.now();
  while (!isDone() && performance.now() - Math.max(sentAt, counters.lastDeliveryAt) < 3000) await sleep(5);
}

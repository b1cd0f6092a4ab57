/** A seat is one connection of the load in one room: of the relay or of the product. */
import { openRawConnection } from './raw-connection.ts';
import { openRealtimeClient } from './realtime-client.ts';
import type { Ticket } from './realtime-client.ts';
import { sentAtUsOf, seqOf } from './sealed-body.ts';

/** One delivery: when the message was sent, and its number in the room (-1 where the server gives none). */
export type DeliveryListener = (sentAtUs: number, seq: number) => void;

export type Seat = {
  send: (body: string, onAnswer: (isOk: boolean, refusal: () => string) => void) => void;
  close: () => void;
};

export type SeatPlan =
  | { kind: 'relay'; room: number }
  | { kind: 'product'; room: number; roomUid: string; ticket: Ticket };

const randomUid = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');

export function openSeat(port: number, plan: SeatPlan, onDelivery: DeliveryListener): Promise<Seat> {
  return plan.kind === 'relay'
    ? openRelaySeat(port, plan.room, onDelivery)
    : openProductSeat(port, plan, onDelivery);
}

async function openRelaySeat(port: number, room: number, onDelivery: DeliveryListener): Promise<Seat> {
  const connection = await openRawConnection({
    port,
    path: `/room-${room}`,
    onText: (buffer, start, end) => onDelivery(sentAtUsOf(buffer, start, end), -1),
  });
  return {
    // JSON quotes, because the body's finder looks for them
    send: (body, onAnswer) => {
      connection.send(`"${body}"`);
      onAnswer(true, () => '');
    },
    close: connection.close,
  };
}

async function openProductSeat(
  port: number,
  { ticket, roomUid }: Extract<SeatPlan, { kind: 'product' }>,
  onDelivery: DeliveryListener,
): Promise<Seat> {
  const client = await openRealtimeClient({
    port,
    ticket,
    onEvent: (buffer, start, end) => {
      if (!buffer.toString('latin1', start, start + 17).startsWith('42["message:sent"')) return;
      onDelivery(sentAtUsOf(buffer, start, end), seqOf(buffer, start, end));
    },
  });
  return {
    send: (envelope, onAnswer) => {
      const input = { roomUid, clientId: randomUid(), kind: 'text', envelope };
      client.request('message:send', input, onAnswer);
    },
    close: client.close,
  };
}

/**
 * How broadcasts get to WebSocket connections. Socket.IO encodes one once, as a frame that all receivers share, but then takes
 * every single delivery through a queue of packets, their options, five events and a callback, and gives `ws` the frame in two
 * parts, which makes a gathering write. Here the frame is one buffer, and a connection that has nothing waiting gets it as one
 * plain write; of several in one go it gets one write as well. Every other connection (long polling, being upgraded or closed,
 * slow to read) goes Socket.IO's way. See `docs/decisions/0011-direct-frames.md`.
 */
import type { Socket as TcpSocket } from 'node:net';
import type { Server, Socket } from 'socket.io';

type PacketOptions = {
  preEncoded: true;
  volatile: boolean | undefined;
  compress: boolean | undefined;
  wsPreEncodedFrame?: Uint8Array[];
};
type BroadcastOptions = { flags?: { volatile?: boolean; compress?: boolean } };

/** What is used of Socket.IO's adapter and of its connections: private, the same since socket.io-adapter 2.5 and Engine.IO 6. */
type Adapter = {
  _encode(packet: object, options: PacketOptions): unknown;
  apply(options: BroadcastOptions, callback: (socket: Socket) => void): void;
  broadcast(packet: { nsp?: string }, options: BroadcastOptions): void;
};
type Connection = {
  readyState: string;
  writeBuffer: readonly unknown[];
  transport: { writable: boolean; socket?: { readyState: number; _socket?: TcpSocket | null } };
};
type Client = { conn: Connection; writeToEngine(packets: unknown, options: PacketOptions): void };

export type FrameWriter = {
  /** Whatever is broadcast while `send` runs reaches each connection in one write, in order. */
  gather(send: () => void): void;
};

/** The readyState of an open WebSocket: later there is a closing frame, which nothing may follow. */
const openState = 1;

/** Takes over the broadcasts of the main namespace. Without the methods that it expects, nothing changes. */
export function writeWholeFrames(io: Server): FrameWriter {
  const adapter = io.of('/').adapter as unknown as Adapter; // see the type
  const cork = createCork();
  if (typeof adapter._encode !== 'function' || typeof adapter.apply !== 'function') return cork;
  adapter.broadcast = (packet, options) => {
    const { volatile, compress } = options.flags ?? {};
    const packetOptions: PacketOptions = { preEncoded: true, volatile, compress };
    packet.nsp = '/';
    const packets = adapter._encode(packet, packetOptions);
    const frame = wholeFrame(packetOptions);
    adapter.apply(options, (socket) => {
      const client = socket.client as unknown as Client; // see the type
      const tcp = frame === undefined ? undefined : directSocket(client.conn);
      if (frame === undefined || tcp === undefined) client.writeToEngine(packets, packetOptions);
      else if (tcp.writableLength === 0 || cork.isHeld(tcp)) cork.write(tcp, frame);
      // the kernel took no more: the rest waits where packets are counted, and what holds a moment only is lost
      else if (volatile !== true) client.writeToEngine(packets, packetOptions);
    });
  };
  return cork;
}

/** Joins the frame's parts for all who get it. Undefined for a packet that has none, such as a binary one. */
function wholeFrame(options: PacketOptions): Uint8Array | undefined {
  const parts = options.wsPreEncodedFrame;
  if (parts === undefined) return undefined;
  const frame = Buffer.concat(parts);
  options.wsPreEncodedFrame = [frame];
  return frame;
}

/** What is written to this socket now follows everything that the connection was given before; undefined if it may not. */
function directSocket({ readyState, writeBuffer, transport }: Connection): TcpSocket | undefined {
  if (readyState !== 'open' || !transport.writable || writeBuffer.length > 0) return undefined;
  const { socket } = transport;
  return socket?.readyState === openState ? (socket._socket ?? undefined) : undefined;
}

/** Node's own cork also keeps what others write meanwhile, such as a closing frame, in its place. */
function createCork() {
  const held = new Set<TcpSocket>();
  let isGathering = false;
  return {
    isHeld: (tcp: TcpSocket): boolean => held.has(tcp),
    write(tcp: TcpSocket, frame: Uint8Array): void {
      if (isGathering && !held.has(tcp)) {
        tcp.cork();
        held.add(tcp);
      }
      tcp.write(frame);
    },
    gather(send: () => void): void {
      if (isGathering) return send(); // the end of a session tells that its person has left
      isGathering = true;
      try {
        send();
      } finally {
        isGathering = false;
        for (const tcp of held) tcp.uncork();
        held.clear();
      }
    },
  };
}

/**
 * What a connection may send before anything of it is kept. Socket.IO's decoder takes what the protocol allows; the contract
 * needs less of it. Nobody has to be signed in to send packets, so what is refused here is refused before it is parsed:
 * parsed JSON takes some ten times the memory of its text. Who is signed in may send what the largest requests need, under the
 * names of those requests.
 */
import type { Server, Socket } from 'socket.io';
import { requestSizeMax, smallRequestMax } from './request-sizes.ts';

type Decoder = { add(packet: unknown): void };
type Parser = { Decoder: new () => Decoder };

export type PacketGuard = {
  /** The socket was let in: its connection may send more than the greeting. */
  admit(socket: Socket): void;
};

/** The greeting (the packet that opens a connection) carries a version and a token; what else is in it would be kept. */
const greetingMax = 1_024;
/** A packet with binary parts is kept until the last of them has come. No request has any, so they get a refusal at most. */
const binaryTextMax = smallRequestMax;
const binaryPartMax = 1_024;
/** What a packet has around its request: the number of its acknowledgement, the name, brackets. */
const frameMax = 128;

/**
 * Guards every connection; a packet that is not let through closes it. Until a socket is admitted there is the greeting and
 * nothing else, and there is one only: a second one would find no request to be judged by.
 */
export function guardPackets(io: Server): PacketGuard {
  const holder = io as unknown as { _parser: Parser }; // private, the same since Socket.IO 3: connections make theirs of it
  const { Decoder } = holder._parser;
  const admitted = new WeakSet<object>();
  function GuardedDecoder(): Decoder {
    const decoder = new Decoder();
    const add = decoder.add.bind(decoder);
    let isGreeted = false;
    decoder.add = (packet) => {
      const isGreeting = kindOf(packet) === 'greeting';
      if (isGreeting ? isGreeted : !admitted.has(decoder)) throw new Error('a packet out of turn');
      if (lengthOf(packet) > longestOf(packet)) throw new Error('a packet that is too long');
      isGreeted = true;
      add(packet);
    };
    return decoder;
  }
  holder._parser = { ...holder._parser, Decoder: GuardedDecoder as unknown as Parser['Decoder'] }; // `new` gives what it returns
  return {
    admit: ({ client }) => void admitted.add((client as unknown as { decoder: object }).decoder), // private as well
  };
}

type Kind = 'greeting' | 'binary text' | 'binary part' | 'plain';

const longest: Readonly<Record<Exclude<Kind, 'plain'>, number>> = {
  greeting: greetingMax,
  'binary text': binaryTextMax,
  'binary part': binaryPartMax,
};

/** The name of a request, where every client writes it. Written in another way (escapes, blanks) it is nobody's. */
const requestStart = /^2\d{0,15}\["([a-z:-]{1,64})"[,\]]/;

/** A request's own limit is told by its name: the name that the parser will find, since it is the first thing in the JSON. */
function longestOf(packet: unknown): number {
  const kind = kindOf(packet);
  if (kind !== 'plain') return longest[kind];
  const name = typeof packet === 'string' ? requestStart.exec(packet)?.[1] : undefined;
  return name === undefined ? smallRequestMax : requestSizeMax(name) + frameMax;
}

/** By the first character of the packet: CONNECT is 0, BINARY_EVENT 5, BINARY_ACK 6. */
function kindOf(packet: unknown): Kind {
  if (typeof packet !== 'string') return 'binary part';
  if (packet.startsWith('0')) return 'greeting';
  return packet.startsWith('5') || packet.startsWith('6') ? 'binary text' : 'plain';
}

function lengthOf(packet: unknown): number {
  if (typeof packet === 'string') return packet.length;
  return ArrayBuffer.isView(packet) || packet instanceof ArrayBuffer ? packet.byteLength : Infinity;
}

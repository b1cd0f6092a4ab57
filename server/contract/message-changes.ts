/** What becomes of a message after it was sent: edited, recalled, saved, hidden from oneself. */
import * as z from 'zod/mini';
import { MessageName, Rev, RoomUid, Timestamp, wholeNumber } from './ids.ts';
import { Mentions } from './mentions.ts';
import { Message } from './messages.ts';
import { defineRequests } from './request.ts';
import { Envelope } from './sealed.ts';

/** An earlier text of a message, sealed; `at` is when it was sent or edited to that. */
export const MessageVersion = z.object({ n: wholeNumber(), envelope: Envelope, at: Timestamp });
export type MessageVersion = z.infer<typeof MessageVersion>;

const place = { roomUid: RoomUid, message: MessageName };
const path = '/api/rooms/:roomUid/messages/:message';

export const messageChangeRequests = defineRequests({
  'message:get': {
    input: z.object(place),
    output: z.object({ message: Message }),
    http: `GET ${path}`,
    summary: 'One message by its name.',
  },
  'message:edit': {
    input: z.object({
      ...place,
      /** The edit’s number: one above the row’s. Behind the last one allowed: TOO_MANY_EDITS. */
      n: wholeNumber(1),
      envelope: Envelope,
      /** Who is called by name now; nobody if left out. */
      mentions: z.optional(Mentions),
    }),
    output: z.object({ rev: Rev }),
    http: `PUT ${path}`,
    limit: 'socket_send_message',
    summary: 'Replaces the sealed text of my own message; earlier ones are kept. A repeat changes nothing.',
  },
  'message:versions': {
    input: z.object(place),
    output: z.object({ versions: z.array(MessageVersion) }),
    http: `GET ${path}/versions`,
    summary: 'The earlier texts of an edited message, sealed, ascending; without the present one.',
  },
  'message:recall': {
    input: z.object(place),
    output: z.object({ rev: Rev }),
    http: `DELETE ${path}`,
    limit: 'socket_send_message',
    summary:
      'Takes my own message back, while the policy allows it: content and what hangs on it go, a trace stays.',
  },
  'message:save': {
    input: z.object({ ...place, isSaved: z.boolean() }),
    output: z.object({}),
    http: `PUT ${path}/saved`,
    summary: 'Puts a message on my own list of saved ones, or takes it off.',
  },
  'message:hide': {
    input: z.object({ ...place, isHidden: z.boolean() }),
    output: z.object({}),
    http: `PUT ${path}/hidden`,
    summary: 'Does not show me a message any more, or does again. Nobody else is affected.',
  },
});

/** My messages that wait for their time. No DOM. */
import type { ScheduledMessage } from '#contract/scheduled.ts';
import type { MessageContent } from '../messages/message-state.ts';

/** `content` is what opening my own envelope gave; sealed until then. */
export type ScheduledEntry = { message: ScheduledMessage; content: MessageContent };

export type ScheduledState = {
  /** False until the server has said which there are. */
  isLoaded: boolean;
  byId: ReadonlyMap<string, ScheduledEntry>;
};

export const noScheduled = (): ScheduledState => ({ isLoaded: false, byId: new Map() });

/** The next one first. */
export const scheduledList = ({ byId }: ScheduledState): ScheduledEntry[] =>
  [...byId.values()].sort(
    (left, right) =>
      left.message.deliverAt - right.message.deliverAt ||
      (left.message.clientId < right.message.clientId ? -1 : 1),
  );

/** A row as it is now; what was opened stays open while the envelope is the same. */
export const withScheduled = (state: ScheduledState, message: ScheduledMessage): ScheduledState => {
  const known = state.byId.get(message.clientId);
  const isSame = known?.message.envelope === message.envelope;
  const content: MessageContent = isSame && known !== undefined ? known.content : { state: 'sealed' };
  return { ...state, byId: new Map(state.byId).set(message.clientId, { message, content }) };
};

export const withoutScheduled = (state: ScheduledState, clientId: string): ScheduledState => {
  if (!state.byId.has(clientId)) return state;
  const byId = new Map(state.byId);
  byId.delete(clientId);
  return { ...state, byId };
};

/** Everything there is. */
export const withAllScheduled = (
  state: ScheduledState,
  messages: readonly ScheduledMessage[],
): ScheduledState => {
  const wanted = new Set(messages.map(({ clientId }) => clientId));
  const kept = new Map([...state.byId].filter(([clientId]) => wanted.has(clientId)));
  return messages.reduce<ScheduledState>(withScheduled, { isLoaded: true, byId: kept });
};

/** The epoch that an envelope names: `m1.<epoch>.<sealed>`. */
export const epochOf = ({ envelope }: Pick<ScheduledMessage, 'envelope'>): number =>
  Number(envelope.slice(3, envelope.indexOf('.', 3)));

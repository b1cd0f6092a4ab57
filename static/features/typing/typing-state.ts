/** Who is typing where. No DOM. */
export type TypingState = {
  /** By room, those who type there, the first to begin first. */
  uidsByRoom: ReadonlyMap<string, readonly string[]>;
};

export const emptyTyping = (): TypingState => ({ uidsByRoom: new Map() });

export const withTyping = (state: TypingState, roomUid: string, userUid: string): TypingState => {
  const present = state.uidsByRoom.get(roomUid) ?? [];
  if (present.includes(userUid)) return state;
  return { uidsByRoom: new Map(state.uidsByRoom).set(roomUid, [...present, userUid]) };
};

export const withoutTyping = (state: TypingState, roomUid: string, userUid: string): TypingState => {
  const present = state.uidsByRoom.get(roomUid);
  if (present === undefined || !present.includes(userUid)) return state;
  const uidsByRoom = new Map(state.uidsByRoom);
  const rest = present.filter((uid) => uid !== userUid);
  if (rest.length === 0) uidsByRoom.delete(roomUid);
  else uidsByRoom.set(roomUid, rest);
  return { uidsByRoom };
};

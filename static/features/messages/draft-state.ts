/** Unsent text per room. Kept sealed in this browser; the plain text is in memory only. */
export type DraftsState = {
  textByRoom: ReadonlyMap<string, string>;
  /** Stored drafts were opened: before, a composer may still be filled (never over what the user has typed). */
  isLoaded: boolean;
};

export const emptyDrafts = (): DraftsState => ({ textByRoom: new Map(), isLoaded: false });

export const withDraft = (state: DraftsState, roomUid: string, text: string): DraftsState => {
  if ((state.textByRoom.get(roomUid) ?? '') === text) return state;
  const textByRoom = new Map(state.textByRoom);
  if (text === '') textByRoom.delete(roomUid);
  else textByRoom.set(roomUid, text);
  return { ...state, textByRoom };
};

/** Stored drafts never replace what was typed before they were opened. */
export const withStoredDrafts = (state: DraftsState, stored: ReadonlyMap<string, string>): DraftsState => ({
  isLoaded: true,
  textByRoom: new Map([...stored, ...state.textByRoom]),
});

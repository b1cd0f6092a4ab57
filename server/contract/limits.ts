/**
 * Every limit that both sides know. A number here is a promise to users, so a change belongs in the changelog.
 */
export const limits = {
  usernameMin: 2,
  usernameMax: 32,
  displayNameMax: 40,
  departmentMax: 60,
  titleMax: 40,
  statusTextMax: 80,
  /** How far ahead a status may end. */
  statusDaysMax: 400,
  /** In larger rooms nobody is told who is typing. */
  typingMembersMax: 200,
  roomTitleMax: 60,
  roomDescriptionMax: 500,
  /** Of a room's picture as a client sends it, and its longer side as the server takes it. */
  roomPictureMaxBytes: 24 * 1024,
  roomPictureMaxPixels: 512,
  /** Unicode code units of a message's text, before sealing. */
  messageTextMax: 10_000,
  /** Of a poll, before sealing. */
  pollQuestionMax: 300,
  pollOptionMax: 100,
  pollOptionsMin: 2,
  pollOptionsMax: 20,
  /** How far ahead a poll's deadline may be. */
  pollDaysMax: 366,
  pollsPageSize: 20,
  /** People called by name in one message. */
  mentionsMax: 50,
  /** Messages of one person that wait for their time. */
  scheduledMax: 100,
  /** How far ahead, in days. */
  scheduledDaysMax: 366,
  /** Edits of one message. */
  editsMax: 100,
  /** Rooms at the top of one person's list. */
  favouriteRoomsMax: 100,
  /** Messages on one person's own list of saved ones. */
  savedMessagesMax: 1_000,
  /** Messages that one person does not want to see any more. */
  hiddenMessagesMax: 10_000,
  /** People whom one memo goes to. */
  memoReadersMax: 200,
  /** Memos of one person that wait for their time. */
  memosScheduledMax: 200,
  /** How far ahead a memo may be scheduled. */
  memoDaysMax: 366,
  /** Readers that a row of a list names. */
  memoReadersNamed: 5,
  /**
   * Characters of a sealed message. 10,000 characters of JSON-escaped text in the worst case (every character a
   * six-byte escape), signature, padding and base64 fit with room to spare.
   */
  envelopeMax: 96_000,
  roomMembersMax: 1_000,
  roomsPerUserMax: 2_000,
  /** Rooms that a person may make in an hour. */
  roomsMadePerHourMax: 60,
  /** Different reactions that one person may have on one message. */
  reactionsPerPersonMax: 10,
  /** Different reactions on one message; an emoji of each epoch counts by itself. */
  reactionsPerMessageMax: 60,
  pinsPerRoomMax: 50,
  /** In larger rooms only the owner and admins raise notices. */
  noticeByMembersMax: 20,
  /** Between two reminders of one notice. */
  noticeReminderMinutes: 10,
  pageSize: 50,
  peoplePageSize: 500,
  /** Epoch records fetched at once. */
  recordsPageSize: 200,
  /** Wrapped keys for other members in one request. */
  wrapsSharedMax: 500,
  /** How often one wrapped key may be put aside as bad before nobody is asked for it any more. */
  badWrapsMax: 6,
  /** Of these, how many from one giver: the only other one in a room gets a second chance. */
  badWrapsPerGiver: 2,
  /** Rooms in one page of held keys. */
  heldKeysPageSize: 200,
  /** Entries of a room's audit log fetched at once. */
  auditPageSize: 100,
  /** Entries that a page of the exported log looks at. */
  auditChainPageSize: 500,
  /** Accounts in one page of the console. */
  adminPageSize: 200,
  /** Rooms that a new person is proposed to at once. */
  approvalRoomsMax: 100,
  invitationNoteMax: 80,
  invitationUsesMax: 1_000,
  invitationDaysMax: 90,
  /** Invitations that still count. */
  invitationsMax: 500,
  /** Epochs of one room in one request after a restore. */
  epochsGivenBack: 50,
  /** Identities in one such request, and of one person in all. */
  statementsGivenBack: 2_000,
  statementsKeptOfPerson: 100,
  /** Envelopes of one room that a browser keeps. */
  cachedEnvelopes: 200,
  passwordMin: 10,
  passwordMax: 256,
  vaultBlobMax: 4_000_000,
  /** Older identity versions that one recovery sheet brings back. */
  successionsMax: 100,
} as const;

/**
 * Every refusal the server can give, with its HTTP status. `code` is stable and meant for programs; the sentence for
 * people is looked up by code in the client's language (`static/locales`), or taken from `error` by integrators.
 */
export const errorCodes = {
  INVALID_INPUT: { status: 400, sentence: 'The request is not well-formed.' },
  NOT_SIGNED_IN: { status: 401, sentence: 'Sign in first.' },
  WRONG_PASSWORD: { status: 401, sentence: 'The user name or the password is wrong.' },
  CSRF: {
    status: 403,
    sentence: 'This request did not come from the messenger’s own page. Reload the page.',
  },
  ORIGIN_NOT_ALLOWED: { status: 403, sentence: 'Requests from this origin are not accepted.' },
  FORBIDDEN: { status: 403, sentence: 'You may not do that.' },
  SETUP_CODE_WRONG: {
    status: 403,
    sentence: 'The set-up code is wrong. It is shown where the server was started.',
  },
  SIGN_UP_CLOSED: { status: 403, sentence: 'This server does not accept new accounts.' },
  PERSON_DISABLED: { status: 403, sentence: 'This person’s account is not in use any more.' },
  NOT_FOUND: { status: 404, sentence: 'There is no such thing, or you may not see it.' },
  METHOD_NOT_ALLOWED: { status: 405, sentence: 'This address does not take that method.' },
  NAME_TAKEN: { status: 409, sentence: 'This user name is taken.' },
  UID_TAKEN: { status: 409, sentence: 'This identifier is already in use.' },
  EPOCH_CONFLICT: { status: 409, sentence: 'The room changed at the same moment. Look again and repeat.' },
  REKEY_NEEDED: { status: 409, sentence: 'Somebody left. The room needs a new key before the next message.' },
  STALE_EPOCH: { status: 409, sentence: 'The message was sealed with an older key of the room.' },
  STALE_COUNTER: { status: 409, sentence: 'Another browser saved a newer version first.' },
  CALLING_ALL_RESTRICTED: { status: 403, sentence: 'Only admins of this room may call everybody.' },
  TIME_PASSED: { status: 409, sentence: 'That time has passed already.' },
  TIME_TOO_FAR: { status: 409, sentence: 'A message can be scheduled a year ahead at most.' },
  NOT_EDITABLE: { status: 409, sentence: 'Only texts can be edited.' },
  EDIT_CONFLICT: { status: 409, sentence: 'This message was edited meanwhile. Look at it again.' },
  RECALL_TOO_LATE: { status: 409, sentence: 'It is too late to recall this message.' },
  LIST_FULL: { status: 409, sentence: 'The list is full. Take something off it first.' },
  ALREADY_MEMBER: { status: 409, sentence: 'This person is already in the room.' },
  ROOM_FULL: { status: 409, sentence: 'The room has as many members as a room can have.' },
  TOO_MANY_ROOMS: {
    status: 409,
    sentence: 'You or one of these people are in as many rooms as one person can be.',
  },
  LAST_OWNER: {
    status: 409,
    sentence:
      'You are the only owner of this server. Make somebody else an owner before you delete your account.',
  },
  POSTING_RESTRICTED: { status: 403, sentence: 'Only the owner and admins write in this room.' },
  INVITING_RESTRICTED: {
    status: 403,
    sentence: 'Only the owner and admins of this room invite people.',
  },
  PICTURE_INVALID: {
    status: 422,
    sentence: 'A picture must be a small WebP, PNG or JPEG image.',
  },
  OPTION_UNKNOWN: { status: 400, sentence: 'This poll has no such option.' },
  SINGLE_CHOICE: { status: 409, sentence: 'Only one option can be chosen in this poll.' },
  POLL_CLOSED: { status: 409, sentence: 'The poll is closed.' },
  DEADLINE_PASSED: { status: 409, sentence: 'The deadline has passed already.' },
  DEADLINE_TOO_FAR: { status: 409, sentence: 'A deadline can be a year away at most.' },
  MESSAGE_RECALLED: { status: 409, sentence: 'This message was recalled.' },
  TOO_MANY_REACTIONS: {
    status: 409,
    sentence: 'There are as many reactions on this message as there can be.',
  },
  MEMO_RECALLED: { status: 409, sentence: 'This memo was recalled by its sender.' },
  MEMO_DELIVERED: { status: 409, sentence: 'This memo was delivered already.' },
  MEMO_TIME_PASSED: { status: 409, sentence: 'That time has passed already.' },
  MEMO_TIME_TOO_FAR: { status: 409, sentence: 'A memo can be scheduled a year ahead at most.' },
  NOT_A_GROUP: { status: 409, sentence: 'This is not possible in a direct conversation.' },
  SETTING_OVERRIDDEN: {
    status: 409,
    sentence: 'An environment variable or an argument decides this setting; it cannot be changed here.',
  },
  SETTINGS_UNREADABLE: { status: 409, sentence: 'The file config.json cannot be read. Repair it first.' },
  PORT_TAKEN: {
    status: 409,
    sentence: 'The server could not listen there: the port or address is not free.',
  },
  BACKUP_UNDER_WAY: { status: 409, sentence: 'A backup or a restore is under way. Wait until it is done.' },
  BACKUP_IS_NEWEST: { status: 409, sentence: 'This is the newest backup. Say so to delete it all the same.' },
  BACKUP_IN_USE: { status: 409, sentence: 'The backup could not be deleted: the system did not allow it.' },
  BACKUP_FOLDER_UNUSABLE: {
    status: 409,
    sentence: 'The backups folder cannot be used: a file is in its place, or the system does not allow it.',
  },
  RESTART_NOT_POSSIBLE: { status: 409, sentence: 'This server cannot start itself again.' },
  BACKUP_DAMAGED: { status: 422, sentence: 'The backup is damaged. Nothing was changed.' },
  BACKUP_TOO_NEW: {
    status: 422,
    sentence: 'A newer version of Maru made this backup. Nothing was changed.',
  },
  RECORD_INVALID: { status: 422, sentence: 'The room’s key record is not valid.' },
  IDENTITY_INVALID: { status: 422, sentence: 'The identity statement is not valid.' },
  WRAPS_INCOMPLETE: { status: 422, sentence: 'There must be exactly one wrapped key for every member.' },
  PERSON_UNKNOWN: { status: 422, sentence: 'One of these people does not exist or has no identity.' },
  IDEMPOTENCY_MISMATCH: { status: 422, sentence: 'This idempotency key was used with a different request.' },
  TOO_LARGE: { status: 413, sentence: 'The request is too large.' },
  RATE_LIMITED: { status: 429, sentence: 'Too many requests. Wait a moment.' },
  LOCKED_OUT: { status: 429, sentence: 'Too many wrong passwords. Wait before the next attempt.' },
  TOO_MANY_CONNECTIONS: { status: 429, sentence: 'Too many connections from this user or address.' },
  CONTRACT_OUTDATED: { status: 426, sentence: 'The server was updated. Reload the page.' },
  INTERNAL: { status: 500, sentence: 'Something went wrong in the server. It was logged.' },
  DISK_FULL: {
    status: 507,
    sentence: 'The server’s disk is full. Nothing was lost; tell the administrator.',
  },
  SHUTTING_DOWN: { status: 503, sentence: 'The server is stopping. Your client tries again by itself.' },
} as const;

/** One of the stable refusal codes. */
export type ErrorCode = keyof typeof errorCodes;

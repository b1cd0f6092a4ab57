import type { koTrust } from './ko-trust-later.ts';
import type { Words } from './wording.ts';

/** English, about trust in people and keys, and about recovery; a part of `en-later.ts`. */
export const enTrust = {
  // A person's key
  'trust.person': '{name}’s key',
  'trust.personMenu': 'Key and safety number',
  'trust.keyNumber': 'Key no. {number}',
  'trust.state.me': 'This is your own key.',
  'trust.state.unknown': 'You share no conversation or memo yet.',
  'trust.state.seen': 'The same key as when you first saw it, on {date}.',
  'trust.state.vouched': 'A colleague confirmed the new key ({date}).',
  'trust.state.vouchedBy': '{name} confirmed the new key ({date}).',
  'trust.state.digits': 'You confirmed this key by its 12 digits ({date}).',
  'trust.state.succession': 'The earlier key vouched for the new one ({date}).',
  'trust.state.unconfirmed': 'Nobody has confirmed the new key yet. Check by its digits that it is theirs.',
  'trust.state.conflict':
    'This is another key than the one seen before. Do not trust it before you have met.',
  'trust.short.me': 'You',
  'trust.short.unknown': 'Never seen before',
  'trust.short.seen': 'Unchanged since first seen',
  'trust.short.vouched': 'Confirmed by a colleague',
  'trust.short.vouchedBy': 'Confirmed by {name}',
  'trust.short.digits': 'Confirmed by digits',
  'trust.short.succession': 'Vouched for by the earlier key',
  'trust.short.unconfirmed': 'New key, not confirmed',
  'trust.short.conflict': 'Not the key seen before',
  'trust.verified': 'Verified',
  'trust.verifiedAt': 'You compared the safety number on {date}.',
  'trust.markChanged': 'Your mark is for the earlier key. Compare the safety number again.',
  'trust.markChangedShort': 'Verify again',
  'trust.loading': 'Looking at the keys…',
  // Safety number
  'trust.number': 'Safety number',
  'trust.numberText':
    'Compare it with the one on {name}’s screen, in person or on the phone. If both are the same, nobody is in between.',
  'trust.numberQr': 'QR code of the safety number',
  'trust.numberSame': 'They are the same: mark as verified',
  'trust.numberDifferent': 'They differ',
  'trust.numberDifferentText':
    'Do not send anything that matters. If they still differ after both of you reloaded, tell your administrator.',
  'trust.numberMarked': '{name} is marked as verified.',
  'trust.numberMoved': 'The key changed meanwhile. Look at the number again.',
  'trust.numberNone': 'There is a safety number once you share a conversation.',
  'trust.code': 'Compare by a code that a camera read',
  'trust.codeText':
    'Read the QR code on the other screen with a phone’s camera, and paste the text that comes out here.',
  'trust.codeLabel': 'Text that begins with maru-sn1:',
  'trust.codeCompare': 'Compare',
  'trust.codeUnreadable': 'This is not the code of a safety number.',
  'trust.dropMark': 'Take the mark away',
  'trust.markDropped': 'The mark is gone.',
  // Twelve digits
  'trust.digits': '12 digits',
  'trust.digitsMake': 'Show the digits',
  'trust.digitsMaking': 'Computing the digits… this takes a few seconds.',
  'trust.digitsTyped': 'The 12 digits that you heard',
  'trust.digitsHint': 'Only digits heard in person or on the phone, never ones that came as a message.',
  'trust.digitsConfirm': 'Confirm',
  'trust.digitsIncomplete': 'Enter all 12 digits.',
  'trust.digitsWrong':
    'The digits differ. Listen once more; if they differ again, do not confirm and tell your administrator.',
  'trust.digitsUnavailable': 'The server did not deliver what is to be compared. Try again in a moment.',
  'trust.digitsNotResolvable': 'Digits cannot resolve this. Tell your administrator.',
  'trust.personDigits': 'Confirm the new key',
  'trust.personDigitsText':
    'Call or meet {name} and listen to the 12 digits, which are in their settings under “Security”. If they match, the new key is used in every conversation that you share.',
  'trust.personConfirmed': '{name}’s new key is confirmed.',
  'trust.ownDigits': '12 digits to read out',
  'trust.ownDigitsText':
    'Read them out, in person or on the phone, to a colleague who wants to confirm your key.',
  'trust.ownTitle': 'Waiting for a colleague',
  'trust.ownShort': 'A colleague has to confirm your new key',
  'trust.ownAction': 'Show the digits to read out',
  'trust.ownText':
    'Your key is new. Earlier conversations open once one colleague has confirmed it. Call or meet somebody and read these digits out. They open “Key and safety number” in the menu beside your name and type them.',
  'trust.ownReady': 'No conversation is waiting at present. Read these digits out if a colleague asks.',
  'trust.ownRooms': { one: '{count} conversation is waiting', other: '{count} conversations are waiting' },
  'trust.ownNever': 'Only ever say these digits aloud. Sent as a message or mail they confirm nothing.',
  // A room's security panel
  'trust.room': 'Security of this conversation',
  'trust.roomOpen': 'Security in detail',
  'trust.roomSendable': 'Safe to send.',
  'trust.roomChecking': 'The keys are being checked.',
  'trust.keys': 'Key',
  'trust.keysText': 'Key no. {number}',
  'trust.keysSince': 'Key no. {number} · since {date}',
  'trust.keysBy': 'Made by {name}.',
  'trust.keysNone': 'There is no key yet.',
  'trust.holders': { one: '{count} person holds the key', other: '{count} people hold the key' },
  'trust.outsiders': 'Only on the server’s list',
  'trust.outsidersText': 'These people have no key and read nothing.',
  'trust.server': 'What the server sees',
  'trust.scan': 'Virus scan',
  'trust.scanOff': 'Off. The server cannot look into files.',
  'trust.page': 'This page',
  'trust.pageHttps': 'It came over HTTPS.',
  'trust.pageLocal': 'It came from this very computer.',
  'trust.pageHttp':
    'It came over plain HTTP. Texts are sealed all the same, but somebody who tampers with the network can change the page.',
  'trust.myKeys': 'My keys',
  'trust.myKeysChanged': 'Last changed on {date}',
  'trust.myKeysNotMe': 'If that was not you, tell your administrator.',
  'trust.recordDigits': 'Digits of the key record',
  'trust.recordDigitsText':
    'If this conversation stands still for a colleague, read these digits out to them, in person or on the phone. They are those of the key record that you trust and use.',
  'trust.recordTyped': 'Resolve it by a colleague’s digits',
  'trust.recordTypedText':
    'Ask a colleague for whom this conversation works to read out the digits of the key record, which are in their “Security of this conversation”. If they match, that record is accepted.',
  'trust.recordConfirmed': 'The key record is confirmed.',
  'trust.cameBack': 'This record names people who had left, as far as you know: {people}',
  'trust.missing': 'This record does not name: {people}',
  'trust.about': 'It is about {name}.',
  // What to do, by the reason for which a room stands still
  'trust.todo.wait': 'It opens by itself when its maker’s browser has brought the first key.',
  'trust.todo.online':
    'It is checked again by itself when the server answers. If this goes on, tell your administrator.',
  'trust.todo.key':
    'It opens by itself when a colleague’s browser sends the key. If you write, a new key is made after 10 seconds.',
  'trust.todo.badKey':
    'The key that came does not open, so another colleague was asked. There is nothing to do but wait.',
  'trust.todo.rekey': 'A new key without those who left is being made. What you wrote goes out with it.',
  'trust.todo.membersDiffer':
    'The server’s list has somebody whom nobody invited. If it does not settle by itself, ask the owner; if they do not know either, tell your administrator.',
  'trust.todo.notInRecord': 'Ask a colleague in this conversation to remove you and invite you again.',
  'trust.todo.ownVersion':
    'Call one colleague and read out your 12 digits. What you wrote goes out once that is done.',
  'trust.todo.invalid':
    'The server sent something that is not valid. Do not use this conversation and tell your administrator. It goes on by itself when that is mended.',
  'trust.todo.newChain':
    'This happens after a restore, or when nobody was left with a key. Let a colleague who knows of it read you the digits.',
  'trust.todo.fork':
    'This can happen after a restore. Let a colleague read you the digits of the record that is right.',
  'trust.todo.record': 'Ask a colleague who made this record; if it is right, let them read you its digits.',
  'trust.todo.behind':
    'The server calls an old record the newest. This browser is giving it the newer ones. If this goes on, tell your administrator.',
  'trust.todo.ownKey':
    'Do not use this conversation and tell your administrator. If the server was restored to before your reset, a new reset code helps; otherwise somebody may have published a key in your name.',
  'trust.todo.conflict':
    'Call or meet this person and listen to their 12 digits. They settle which key is the right one.',
  'trust.todo.unconfirmed': 'Call or meet this person, listen to their 12 digits and type them.',
  'trust.look': 'Have a look',
  'trust.changedLine': '{name}’s key has changed. Nobody has confirmed yet that it is really theirs.',
  'trust.changedAction': 'Confirm by digits',
  // Why a room is on hold, and names that are not what they were
  'failure.MALFORMED': 'The key record is malformed.',
  'failure.WRONG_ROOM': 'The key record belongs to another conversation.',
  'failure.TYPE_CHANGED': 'The key record changed the type of the conversation.',
  'failure.BROKEN_CHAIN': 'The key record does not follow the one before.',
  'failure.BAD_SIGNATURE': 'The signature of the key record is wrong.',
  'failure.NEW_CHAIN': 'The key records start anew. Ask your administrator whether the server was restored.',
  'failure.FORK':
    'There are two key records with one number. Ask your administrator whether the server was restored.',
  'failure.BEHIND_WATERMARK':
    'The server shows older key records than this browser knows. Ask your administrator whether it was restored.',
  'failure.CREATOR_NOT_MEMBER': 'The key record was made by somebody who is not in the conversation.',
  'failure.OWN_KEY': 'The key record names a key for you that is not yours. Tell your administrator.',
  'details.quarantine': 'This conversation is on hold',
  'chat.retitledWarning':
    'This conversation was called “{before}” and is now called “{title}”. Make sure it is the one you mean.',
  'chat.renamedWarning':
    'The person you knew as “{before}” is now called “{name}”. Make sure it is who you think.',
  'chat.sameNameWarning': 'There is another person called “{name}”. Look at the user name ({username}).',
  'chat.understood': 'Understood',
  // Rows that cannot be read
  'trust.row.title': 'A message that cannot be read',
  'trust.row.by': '{name} sent it on {date}.',
  'trust.row.noKey': 'The key that opens this message has not come yet.',
  'trust.row.noKeyTodo':
    'It opens by itself when the browser of a colleague who has the key is online. Until then it stays sealed on the server.',
  'trust.row.noKeyOwn':
    'It opens once your new key is confirmed. Call one colleague and read out your 12 digits.',
  'trust.row.beforeMe':
    'If it was written before you joined, it may be that it cannot be read in this conversation.',
  'trust.row.ask': 'Look for the key now',
  'trust.row.asked':
    'Done. If the message is still closed, it opens by itself when a colleague who has the key is online.',
  'trust.row.quarantined': 'The key that sealed this message could not be verified.',
  'trust.row.quarantinedTodo':
    'The security of this conversation says why, and how to resolve it. Then the message opens by itself.',
  'trust.row.stale':
    'It was sealed with a key that had been replaced already. Somebody who left may have written it, so it is not shown.',
  'trust.row.staleTodo': 'Ask the sender to send it again.',
  'trust.row.tampered': 'It is not what its sender sealed. It was changed on its way or on the server.',
  'trust.row.tamperedTodo': 'Ask the sender what it said, and tell your administrator.',
  'trust.row.newer': 'It was written with a newer Maru.',
  'trust.row.newerTodo': 'It opens when the page is reloaded.',
  'trust.row.reload': 'Reload',
  // The first send after a verified person's identity changed
  'trust.send.title': '{name}’s key has changed',
  'trust.send.text':
    'You had verified this person. Compare the safety number again to be sure that the new key is theirs, or lose the mark and send. Until then nothing is sent.',
  'trust.send.compare': 'Compare safety numbers',
  'trust.send.goOn': 'Lose the mark and send',
  // Recovery
  'recovery.title': 'Recovery check',
  'recovery.menu.green': 'Recovery check: green',
  'recovery.menu.yellow': 'Recovery check: yellow',
  'recovery.menu.red': 'Recovery check: red',
  'recovery.lamp.green': 'Green: everything can be recovered',
  'recovery.lamp.yellow': 'Yellow: not everything is checked',
  'recovery.lamp.red': 'Red: it may not be possible to recover everything',
  'recovery.why.allWell':
    'The vault on the server opens the first and the last key of every conversation, and your recovery sheet is confirmed.',
  'recovery.why.sheet':
    'You have not confirmed that you kept your recovery sheet. If you forget the password, earlier conversations are lost.',
  'recovery.why.unsound':
    'The vault on the server does not open, or keys are missing in it. At present only this browser has all of them. Do not sign out; make a new recovery sheet.',
  'recovery.why.notRehearsed':
    'Nobody has checked yet whether everything can be recovered. It happens soon by itself.',
  'recovery.why.elsewhere':
    'Another browser changed the vault. It is checked after your next sign-in. If that was not you, do not sign out and tell your administrator.',
  'recovery.why.keysChanged': 'Not checked since your keys changed. It happens soon by itself.',
  'recovery.why.outdated': 'The last check was long ago.',
  'recovery.why.unchecked': 'The server did not answer about some conversations, so they are not checked.',
  'recovery.why.waitingRooms': {
    one: 'The vault is sound. Old keys of {count} conversation have not come from a colleague yet.',
    other: 'The vault is sound. Old keys of {count} conversations have not come from colleagues yet.',
  },
  'sheet.light': 'Recovery sheet not confirmed',
  'sheet.lightText': 'You have not confirmed that you keep a recovery sheet. Make a new one.',
  'sheet.make': 'Make a recovery sheet',
  'recovery.short.unsound': 'Signing out now could cost you your keys',
  'recovery.checkNow': 'Check now',
  'recovery.checking': 'Checking…',
  'recovery.checked': {
    one: '{count} conversation checked on {date}.',
    other: '{count} conversations checked on {date}.',
  },
  'recovery.failed': 'It could not be checked. It is tried again when the server is there.',
  'recovery.warnSheet':
    'Your recovery sheet is not confirmed. If you sign out and forget the password, earlier conversations are lost.',
  'recovery.warnUnsound':
    'Signing out now can cost you your earlier conversations. The vault on the server does not bring the keys back; only this browser has all of them.',
  'recovery.warnElsewhere':
    'Another browser is said to have changed your vault. If that was not you, do not sign out.',
  'recovery.warnPasswordSheet':
    'Your recovery sheet is not confirmed. If you forget the new password, earlier conversations are lost. Better make a new sheet first.',
  'recovery.warnPasswordUnsound':
    'The vault on the server is not sound. Make a new recovery sheet, which mends it, before you change the password.',
} as const satisfies Record<keyof typeof koTrust, Words>;

import type { koReentry } from './ko-reentry-later.ts';
import type { Words } from './wording.ts';

/** English, about coming back in and changing keys; a part of `en-later.ts`. */
export const enReentry = {
  'signIn.locked': 'Your password once more',
  'signIn.lockedText':
    '{name}, you are signed in, but this browser needs the password to open the keys of your conversations.',
  'signIn.unlock': 'Open',
  'signIn.otherAccount': 'Sign out',
  'reentry.title': 'Forgot your password?',
  'reentry.lead':
    'The server does not have your password, so nobody can tell you what it was. But you can choose a new one. What do you have?',
  'failure.NEWER_KEYS':
    'This browser has newer keys than the server. They need the password that was chosen then.',
  'newerKeys.wrong':
    'The user name or the password is wrong. The server was restored from an older backup on {date}. If you have changed your password since that backup, or your account was reset, sign in with the password from before. If you do not remember it, your administrator can give you a reset code.',
  'newerKeys.title': 'There are newer keys',
  'newerKeys.text':
    'The server was restored from an older backup and lost the keys that you made after it. This browser still has them. Type the password that you chose when you made them: they go back to the server, and that password is in force again.',
  'newerKeys.password': 'The later password',
  'newerKeys.submit': 'Give the keys back and sign in',
  'newerKeys.neither':
    'If you do not remember it, ask your administrator for a new reset code. Earlier conversations open once a colleague confirms your new keys.',
  'reentry.bySheet': 'I have my recovery sheet',
  'reentry.bySheetText':
    'Nine groups of letters that you printed or wrote down when you signed up. Every conversation opens as before.',
  'reentry.byCode': 'I got a code from the administrator',
  'reentry.byCodeText': 'You start again with new keys. Colleagues help to open earlier conversations.',
  'reentry.neither': 'I have neither',
  'reentry.neitherText': 'Whom to ask, and for what.',
  'reentry.sheet': 'Recovery sheet',
  'reentry.sheetHint': 'The nine groups in their order. Capitals and spaces do not matter.',
  'reentry.code': 'Code from the administrator',
  'reentry.codeHint': 'It works once, within a day.',
  'reentry.codeWarn':
    'This makes new keys: earlier conversations open once a colleague in them has confirmed your new keys. If you can find your recovery sheet, come in with that instead.',
  'reentry.next': 'Continue',
  'reentry.back': 'Back',
  'reentry.opening': 'Checking…',
  'reentry.passwordTitle': '{name}, choose a new password',
  'reentry.passwordText':
    'The next screen gives you a new recovery sheet. Nothing changes before you finish, so keep the sheet you have until then.',
  'reentry.making': 'Making new keys…',
  'reentry.finish': 'Finish and go in',
  'reentry.finishing': 'Going in with the new password…',
  'reentry.unknown':
    'The server does not answer, so it is not known whether this took effect. Press once more to find out. Keep both sheets, old and new, until then.',
  'reentry.discardText':
    'You are not done yet. If you close now, nothing changes, and this sheet is of no use.',
  'reentry.done': 'You are in, with your new password. The old recovery sheet is void.',
  'reentry.doneCode': 'You are in, with new keys. Earlier conversations open once a colleague confirms them.',
  'reentry.neitherTitle': 'Ask your administrator for a reset code',
  'reentry.neitherAsk':
    'Whoever looks after Maru in your company (the IT department, or whoever installed it) can make one in the console. With it you choose a new password on this screen.',
  'reentry.neitherLoss':
    'The code starts you again with new keys. Earlier conversations open once a colleague who is in them confirms your new keys; those in which you were alone stay closed.',
  'reentry.neitherSheet':
    'If you find your recovery sheet later, it brings the old keys back. Do not throw it away.',
  'password.change': 'Change password',
  'password.changeText':
    'Your keys are locked again under the new password. Everywhere but in this browser you are signed out at once; your recovery sheet stays as it is.',
  'password.current': 'Present password',
  'password.next': 'New password',
  'password.nextRepeat': 'New password again',
  'password.changing': 'Locking your keys again…',
  'password.changed': 'Your password was changed. You are signed out everywhere else.',
  'password.unknown':
    'The server does not answer, so it is not known whether your password was changed. Press once more to find out.',
  'oldSheet.title': 'I found my old recovery sheet',
  'oldSheet.text':
    'The recovery sheet from before the reset brings your old keys back: all conversations from that time open again, and your new keys are confirmed on your colleagues’ screens by themselves.',
  'oldSheet.kept': 'Keys from before the reset of {date} are kept.',
  'oldSheet.none': 'There are no old keys to bring back.',
  'oldSheet.wrong': 'This is not the recovery sheet from before the reset.',
  'oldSheet.submit': 'Bring the old keys back',
  'oldSheet.busy': 'Opening the old keys…',
} as const satisfies Record<keyof typeof koReentry, Words>;

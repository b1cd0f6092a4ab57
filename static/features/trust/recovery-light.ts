/** Whether what is on the server would bring everything back: a traffic light, and the reason for its colour. Pure. */

/** What the last rehearsal found: the vault on the server, opened as if this browser had nothing else. */
export type Rehearsal = {
  /** Server time. */
  at: number;
  /** When the keys of that vault last changed. */
  keysChangedAt: number;
  /**
   * `sound`: it opens, and every key that I hold is in it. `elsewhere`: another browser of mine changed it, and this one opens it
   * after the next sign-in. `unsound`: it does not open, or lacks keys.
   */
  vault: 'sound' | 'elsewhere' | 'unsound';
  rooms: number;
  /** Rooms whose oldest or newest key nobody has given me: the vault is not to blame, and a colleague may still come. */
  waitingRooms: number;
  /** Rooms that the server did not answer about. */
  uncheckedRooms: number;
};

export type RecoveryReason =
  | 'sheet'
  | 'unsound'
  | 'notRehearsed'
  | 'elsewhere'
  | 'keysChanged'
  | 'outdated'
  | 'unchecked'
  | 'waitingRooms'
  | 'allWell';

export type RecoveryColour = 'green' | 'yellow' | 'red';
export type RecoveryLight = { colour: RecoveryColour; reason: RecoveryReason };

export type RecoveryFacts = {
  isSheetUnconfirmed: boolean;
  keysChangedAt: number | null;
  rehearsal: Rehearsal | null;
  now: number;
};

const dayMs = 86_400_000;
/** Away for a holiday is no reason to warn; a browser in daily use rehearses every day. */
const outdatedAfterMs = 14 * dayMs;

/** Red: signing out now could cost keys. Yellow: nobody knows, or some keys are not there yet. What is worse is said first. */
export function recoveryLight(facts: RecoveryFacts): RecoveryLight {
  const { rehearsal } = facts;
  if (rehearsal?.vault === 'unsound') return { colour: 'red', reason: 'unsound' };
  if (facts.isSheetUnconfirmed) return { colour: 'red', reason: 'sheet' };
  if (rehearsal === null) return { colour: 'yellow', reason: 'notRehearsed' };
  if (rehearsal.vault === 'elsewhere') return { colour: 'yellow', reason: 'elsewhere' };
  if (isChanged(facts, rehearsal)) return { colour: 'yellow', reason: 'keysChanged' };
  if (facts.now - rehearsal.at > outdatedAfterMs) return { colour: 'yellow', reason: 'outdated' };
  if (rehearsal.uncheckedRooms > 0) return { colour: 'yellow', reason: 'unchecked' };
  if (rehearsal.waitingRooms > 0) return { colour: 'yellow', reason: 'waitingRooms' };
  return { colour: 'green', reason: 'allWell' };
}

const isChanged = ({ keysChangedAt }: RecoveryFacts, rehearsal: Rehearsal): boolean =>
  keysChangedAt !== null && keysChangedAt !== rehearsal.keysChangedAt;

/** At most once a day, and whenever the keys changed. */
export const isRehearsalDue = (facts: RecoveryFacts): boolean =>
  facts.rehearsal === null ||
  isChanged(facts, facts.rehearsal) ||
  facts.now - facts.rehearsal.at >= dayMs ||
  // a clock that was set back
  facts.rehearsal.at > facts.now + dayMs;

/** As this browser keeps it between two starts: counts and times, nothing that is worth sealing. */
export function parseRehearsal(text: string | null): Rehearsal | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isRehearsal(value) ? value : null;
  } catch {
    return null;
  }
}

const vaults: readonly unknown[] = ['sound', 'elsewhere', 'unsound'];
const numbers = ['at', 'keysChangedAt', 'rooms', 'waitingRooms', 'uncheckedRooms'];

const isRehearsal = (value: unknown): value is Rehearsal => {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  return vaults.includes(fields['vault']) && numbers.every((name) => typeof fields[name] === 'number');
};

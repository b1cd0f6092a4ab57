/** A poll that is being written, and what it still lacks. No DOM. */
import { limits } from '#contract/limits.ts';
import type { TextKey } from '../../locales/wording.ts';

/** When it closes: after a while, or at a day and time as they were typed. */
export type DeadlineChoice = 'none' | 'hour' | 'day' | 'week' | 'other';

export type PollDraft = {
  question: string;
  options: readonly string[];
  isMultiple: boolean;
  isAnonymous: boolean;
  deadline: DeadlineChoice;
  /** `YYYY-MM-DD` and `HH:MM`, of the browser's time zone. */
  date: string;
  time: string;
};

export type NewPoll = {
  question: string;
  options: readonly string[];
  isMultiple: boolean;
  isAnonymous: boolean;
  closesAt: number | null;
};

type Problem = {
  ok: false;
  text: TextKey & `polls.${'needQuestion' | 'needOptions' | 'sameOptions' | 'needDeadline'}`;
};

export const emptyDraft = (): PollDraft => ({
  question: '',
  options: ['', ''],
  isMultiple: false,
  isAnonymous: false,
  deadline: 'none',
  date: '',
  time: '',
});

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const waits: Partial<Record<DeadlineChoice, number>> = { hour: hourMs, day: dayMs, week: 7 * dayMs };

/** As it is compared and sent: NFC, without blanks around, in one line. */
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** The poll of a draft, or what is missing. Options that were left empty are left out. */
export function finishDraft(draft: PollDraft, now: number): { ok: true; poll: NewPoll } | Problem {
  const question = draft.question.normalize('NFC').trim();
  if (question === '') return { ok: false, text: 'polls.needQuestion' };
  const options = draft.options.map(plain).filter((text) => text !== '');
  if (options.length < limits.pollOptionsMin) return { ok: false, text: 'polls.needOptions' };
  if (new Set(options).size < options.length) return { ok: false, text: 'polls.sameOptions' };
  const closesAt = closingTime(draft, now);
  if (closesAt === undefined) return { ok: false, text: 'polls.needDeadline' };
  const { isMultiple, isAnonymous } = draft;
  return { ok: true, poll: { question, options, isMultiple, isAnonymous, closesAt } };
}

/** Null for none; undefined for one that is no time, not ahead, or too far. */
function closingTime({ deadline, date, time }: PollDraft, now: number): number | null | undefined {
  if (deadline === 'none') return null;
  const wait = waits[deadline];
  if (wait !== undefined) return now + wait;
  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(date.trim());
  const hour = /^(\d{1,2}):(\d{2})/.exec(time.trim());
  if (day === null || hour === null) return undefined;
  const [, year, month, dayOfMonth] = day.map(Number);
  const [, hours, minutes] = hour.map(Number);
  const at = new Date(year ?? 0, (month ?? 0) - 1, dayOfMonth, hours, minutes);
  // 31 February is no day, whatever the browser makes of it.
  if (at.getMonth() !== (month ?? 0) - 1 || at.getHours() !== hours) return undefined;
  const closesAt = at.getTime();
  return closesAt > now && closesAt <= now + limits.pollDaysMax * dayMs ? closesAt : undefined;
}

/** True if there is something that it would be a pity to lose. */
export const isWorthKeeping = ({ question, options }: PollDraft): boolean =>
  [question, ...options].some((text) => text.trim() !== '');

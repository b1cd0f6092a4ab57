import type { AdminInput } from '#contract/admin.ts';
import type { Answer } from '#contract/request.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Toasts } from '../../ui/toast.ts';
import type { AdminBridge } from './admin-bridge.ts';

export type Period = Pick<AdminInput<'admin:audit'>, 'from' | 'to'>;

/** What every view of the administrator's pages gets. */
export type AdminContext = {
  readonly bridge: AdminBridge;
  readonly locale: AdminLocale;
  readonly toasts: Toasts;
  /** Says something to screen readers, once, when they are idle. */
  announce: (text: string) => void;
  /** Derives the key that proves the person's password; null where the host itself asks and needs none. */
  proveIdentity: ((password: string) => Promise<Result<string>>) | null;
  /** Where the audit log of a time can be downloaded; null in the window, which has no session for it. */
  auditFile: ((format: 'csv' | 'json', period: Period) => string) | null;
};

/** An answer in the form that dialogs and toasts take. */
export function resultOf<Value>(answer: Answer<Value>): Result<Value> {
  if (answer.ok) return succeed(answer.value);
  const { code, error, field, retryAfterMs } = answer;
  return fail(code, {
    error,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Asks, and shows in a toast why it did not work; null then. */
export async function askOrTell<Value>(
  { locale, toasts }: AdminContext,
  asked: Promise<Answer<Value>>,
): Promise<Value | null> {
  const answer = await asked;
  if (answer.ok) return answer.value;
  toasts.show({
    text: locale.say('admin.failed', { sentence: locale.failure(answer) }),
    isProblem: true,
    subject: answer.code,
  });
  return null;
}

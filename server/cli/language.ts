import type { Environment } from '../config.ts';

export type Language = 'ko' | 'en';

/**
 * The language for text in a terminal: POSIX locale variables in their order of precedence, else what the operating
 * system says through Intl (Windows sets no variables). `C` and `POSIX` are English.
 */
export function terminalLanguage(
  env: Environment,
  systemLocale = Intl.DateTimeFormat().resolvedOptions().locale,
): Language {
  const variable = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'];
  return (variable ?? systemLocale).toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

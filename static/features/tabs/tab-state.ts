/** What all tabs of this browser share: preferences, and messages between them. No DOM. */
export type Theme = 'system' | 'light' | 'dark';
export type Locale = 'ko' | 'en';

export type Preferences = { theme: Theme; locale: Locale; isSoundOn: boolean };

/** What one tab tells the others. Nothing here is content: it may pass through `localStorage`. */
export type TabMessage =
  | { type: 'signed-in'; userUid: string }
  | { type: 'signed-out'; userUid: string; sessionUid: string }
  /** The vault key that this browser keeps is another one. */
  | { type: 'vault-changed'; userUid: string }
  | { type: 'outbox-changed'; userUid: string }
  | { type: 'lease-released'; name: string }
  | { type: 'draft-changed'; userUid: string; roomUid: string }
  | { type: 'preferences-changed'; preferences: Preferences };

/** Korean first: anything but a clearly English browser starts in Korean. */
export const preferredLocale = (languages: readonly string[]): Locale => {
  for (const language of languages) {
    if (language.toLowerCase().startsWith('ko')) return 'ko';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'ko';
};

/** Reads stored preferences; anything unknown falls back to the default. */
export const readPreferences = (text: string | null, languages: readonly string[]): Preferences => {
  const stored = parseObject(text);
  const { theme, locale, isSoundOn } = stored;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    locale: locale === 'ko' || locale === 'en' ? locale : preferredLocale(languages),
    isSoundOn: isSoundOn !== false,
  };
};

const parseObject = (text: string | null): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

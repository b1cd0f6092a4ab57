import { adminEn } from './admin-en.ts';
import { adminKo } from './admin-ko.ts';
import { createAdminLocale } from './admin-locale.ts';
import type { AdminLocale, AdminWording } from './admin-locale.ts';
import { createLocale } from './locale.ts';
import type { Language } from './locale.ts';

const wordings: Record<Language, AdminWording> = { ko: adminKo, en: adminEn };

/** A language whose words are there from the start: the desktop window has them on its disk. */
export const wholeAdminLocale = (language: Language): AdminLocale =>
  createAdminLocale(createLocale(language), wordings[language]);

import type { AdminLocale } from './admin-locale.ts';
import { createAdminLocale } from './admin-locale.ts';
import type { Language } from './locale.ts';
import { createWordingLocale } from './wording-locale.ts';
import { loadLaterWording, loadWording } from './wording-loading.ts';

/** The administrator's pages in one language: the words of the other one are not loaded. */
export async function loadAdminLocale(language: Language): Promise<AdminLocale> {
  const [first, later, own] = await Promise.all([
    loadWording(language),
    loadLaterWording(language),
    loadOwnWording(language),
  ]);
  const locale = createWordingLocale(language, first);
  locale.addWords(later);
  return createAdminLocale(locale, own);
}

async function loadOwnWording(language: Language) {
  if (language === 'ko') return (await import('./admin-ko.ts')).adminKo;
  return (await import('./admin-en.ts')).adminEn;
}

import type { Language } from './locale.ts';
import type { FirstWording, LaterWording } from './wording.ts';

/** The first words of one language, each a piece of its own: the sign-in form does not wait for the other one's. */
export async function loadWording(language: Language): Promise<FirstWording> {
  if (language === 'ko') return (await import('./ko.ts')).ko;
  return (await import('./en.ts')).en;
}

/** The words of later pieces. */
export async function loadLaterWording(language: Language): Promise<LaterWording> {
  if (language === 'ko') return (await import('./ko-later.ts')).koLater;
  return (await import('./en-later.ts')).enLater;
}

import type { AdminLocale } from '../../locales/admin-locale.ts';
import { h } from '../../ui/h.ts';
import { mark } from '../../ui/mark.ts';

/** For somebody who is signed in and no administrator: what this page is, and the way to their own. */
export const createAdminRefusal = (locale: AdminLocale, name: string): HTMLElement =>
  h(
    'main',
    { class: 'boot' },
    mark('l'),
    h('h1', { class: 'boot__title admin-refusal__title' }, locale.say('admin.refusedTitle')),
    h('p', { class: 'boot__text admin-refusal__text' }, locale.say('admin.refusedText', { name })),
    h('a', { class: 'button button--primary', href: '/' }, locale.say('admin.toMessenger')),
  );

/** While the server does not answer. */
export const createServerWait = (locale: AdminLocale): HTMLElement =>
  h(
    'main',
    { class: 'boot boot--waiting' },
    mark('l'),
    h('p', { class: 'boot__text', role: 'status' }, locale.say('admin.noServer')),
  );

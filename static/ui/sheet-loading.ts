import { h } from './h.ts';

/**
 * Adds a style sheet of this server to the page, once. Resolves when it applies; rejects when it cannot be had, and may then be
 * asked for again.
 */
export function loadStyleSheet(address: string): Promise<void> {
  const known = document.querySelector<HTMLLinkElement>(`link[href="${address}"]`);
  if (known !== null && known.sheet !== null) return Promise.resolve();
  const link = known ?? h('link', { rel: 'stylesheet', href: address });
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`no style sheet at ${address}`));
    });
    if (known === null) document.head.appendChild(link);
  });
}

import { h } from './h.ts';

/** Offers a text as a download. The object URL lives long enough for every browser to take it. */
export function saveTextFile(name: string, text: string): void {
  // The mark at the front tells Windows' editors that it is UTF-8.
  const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/plain;charset=utf-8' }));
  const link = h('a', { href: url, download: name, hidden: true });
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

import { h } from './h.ts';

/** Copies a text: by the clipboard where the browser offers one, else through a text box (plain HTTP). */
export async function copyText(text: string): Promise<boolean> {
  if (isSecureContext && 'clipboard' in navigator) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by a policy or for want of focus: the older way may still work.
    }
  }
  const before = document.activeElement;
  const box = h('textarea', { class: 'visually-hidden', 'aria-hidden': 'true', readonly: true });
  box.value = text;
  document.body.appendChild(box);
  box.select();
  // Deprecated, and the only way on plain HTTP.
  const isCopied = document.execCommand('copy');
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}

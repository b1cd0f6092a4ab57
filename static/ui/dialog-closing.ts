/** What an open dialog listens to. Apart from dialogs themselves, which come later than the screens that close them. */
export const dismissEvent = 'maru-dismiss';

/** Closes whatever is open, the last one first: the screen behind it is going away. */
export function closeDialogs(): void {
  const open = Array.from(document.querySelectorAll('.overlay')).reverse();
  for (const overlay of open) overlay.dispatchEvent(new Event(dismissEvent));
}

/** From `/admin` to the sign-in form and back. Kept for this tab only, and taken once. */
const key = 'maru-after-sign-in';

/** Goes to the messenger's own sign-in form; afterwards the page comes back here. */
export function signInForAdmin(page: Window): void {
  try {
    page.sessionStorage.setItem(key, 'admin');
  } catch {
    // Site data is blocked: whoever signs in finds the messenger, and the way back by the address.
  }
  page.location.assign('/');
}

/** True once after `signInForAdmin`. */
export function takeAdminReturn(page: Window): boolean {
  try {
    const isWanted = page.sessionStorage.getItem(key) === 'admin';
    page.sessionStorage.removeItem(key);
    return isWanted;
  } catch {
    return false;
  }
}

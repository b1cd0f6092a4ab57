/** The later pieces of somebody who is not signed in. */
export const entrancePieces = {
  forgot: () => import('./features/account/forgot-dialog.ts'),
  locked: () => import('./locked-page-view.ts'),
  newerKeys: () => import('./features/account/newer-keys-dialog.ts'),
  sheet: () => import('./sign-up-sheet-view.ts'),
  waiting: () => import('./waiting-page-view.ts'),
  signUp: () => import('./features/account/sign-up-view.ts'),
};

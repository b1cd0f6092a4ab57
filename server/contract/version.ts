/** Raised with every incompatible change; an old tab reloads softly when it differs. */
export const contractVersion = 1;

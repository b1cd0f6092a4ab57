/** Escapes text for HTML that the server makes; everything that is put into a page goes through here. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

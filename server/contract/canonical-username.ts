/** The canonical form of a user name: trimmed, NFC, ASCII letters in lower case (no other letter changes). */
export function canonicalUsername(text: string): string {
  return text
    .trim()
    .normalize('NFC')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

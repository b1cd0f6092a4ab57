import { readFileSync } from 'node:fs';
import path from 'node:path';

const fileName = 'THIRD-PARTY-NOTICES.md';

/** The licences of everything in the product: one folder up (sources) or two (bundle), like package.json. */
export function licenceText(codeDir: string): string {
  for (const folder of ['..', path.join('..', '..')]) {
    try {
      return readFileSync(path.resolve(codeDir, folder, fileName), 'utf8');
    } catch {
      // the next place
    }
  }
  return '';
}

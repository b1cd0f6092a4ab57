import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The product's version, from the package.json one folder up (sources) or two (bundle). */
export function productVersion(codeDir: string): string {
  for (const folder of ['..', path.join('..', '..')]) {
    const version = versionIn(path.resolve(codeDir, folder, 'package.json'));
    if (version !== null) return version;
  }
  return '0.0.0';
}

function versionIn(file: string): string | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const isMaru =
      typeof parsed === 'object' && parsed !== null && 'name' in parsed && parsed.name === 'maru';
    return isMaru && 'version' in parsed && typeof parsed.version === 'string' ? parsed.version : null;
  } catch {
    return null;
  }
}

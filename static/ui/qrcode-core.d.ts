/**
 * The encoder of the `qrcode` package without its renderers: they build HTML and image data, and its published types
 * would bring Node's into the browser's side.
 */
declare module 'qrcode/lib/core/qrcode.js' {
  export function create(
    text: string,
    options?: { errorCorrectionLevel?: 'L' | 'M' | 'Q' | 'H' },
  ): { modules: { size: number; get(row: number, column: number): number | boolean } };
}

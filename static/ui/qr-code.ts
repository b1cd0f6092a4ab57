import { create } from 'qrcode/lib/core/qrcode.js';
import { s } from './h.ts';

/** A QR code as SVG nodes, dark on whatever is below (keep that white: many readers need it). */
export function qrCode(text: string, label: string): SVGSVGElement {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  let dots = '';
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) dots += `M${column} ${row}h1v1h-1z`;
    }
  }
  return s(
    'svg',
    {
      class: 'qr',
      viewBox: `0 0 ${modules.size} ${modules.size}`,
      role: 'img',
      'aria-label': label,
      'shape-rendering': 'crispEdges',
    },
    s('path', { class: 'qr__dots', d: dots }),
  );
}

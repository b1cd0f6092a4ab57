/** Makes a small square out of a photograph, in the browser: what the server gets is 128 × 128 pixels and little else. */

const side = 128;
const maxBytes = 24 * 1024;
const qualities = [0.86, 0.7, 0.5, 0.3];

/** Base64 of a WebP or JPEG, cut from the middle; null if the file is no picture that this browser can read. */
export async function readSmallPicture(file: Blob): Promise<string | null> {
  const url = URL.createObjectURL(file);
  try {
    const image = await loadImage(url);
    return image === null ? null : await encode(draw(image));
  } finally {
    URL.revokeObjectURL(url);
  }
}

const loadImage = (url: string): Promise<HTMLImageElement | null> =>
  new Promise((resolve) => {
    const image = new Image();
    image.addEventListener('load', () => resolve(image.naturalWidth > 0 ? image : null));
    image.addEventListener('error', () => resolve(null));
    image.src = url;
  });

/** The middle square, on white: a JPEG has no transparency. */
function draw(image: HTMLImageElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext('2d');
  if (pen === null) return canvas;
  const { naturalWidth: width, naturalHeight: height } = image;
  const cut = Math.min(width, height);
  pen.fillStyle = 'white';
  pen.fillRect(0, 0, side, side);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
  return canvas;
}

async function encode(canvas: HTMLCanvasElement): Promise<string | null> {
  // Safari writes no WebP and gives a PNG instead, which of a photograph is too large.
  const first = await toBlob(canvas, 'image/webp', qualities[0] ?? 1);
  const type = first?.type === 'image/webp' ? 'image/webp' : 'image/jpeg';
  for (const quality of qualities) {
    const blob = await toBlob(canvas, type, quality);
    if (blob !== null && blob.type === type && blob.size <= maxBytes) return toBase64(blob);
  }
  return null;
}

const toBlob = (canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> =>
  new Promise((resolve) => canvas.toBlob(resolve, type, quality));

const toBase64 = (blob: Blob): Promise<string | null> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => resolve(null));
    reader.readAsDataURL(blob);
  });

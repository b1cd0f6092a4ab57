/**
 * Draws `build/icons/` from `icon-drawings.ts` with the system's Chromium: `node build/draw-icons.ts` after a change of the
 * drawings. The pictures are in the repository, so that nothing but this needs a browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { findBrowser } from '../tests/e2e/browser-binary.ts';
import { appIcon, trayIcon, trayStates, trayThemes } from './icon-drawings.ts';
import { icnsFile, icoFile } from './icon-files.ts';
import type { Picture } from './icon-files.ts';

const folder = path.join(import.meta.dirname, 'icons');

async function draw(page: Page, svg: string, size: number): Promise<Picture> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  return { size, png: await page.screenshot({ omitBackground: true }) };
}

function save(name: string, content: Uint8Array): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function drawTray(page: Page): Promise<void> {
  // the sizes of 100, 125, 150 and 200 percent; Electron picks by the ending of the name
  const scales: readonly [ending: string, size: number][] = [
    ['', 16],
    ['@1.25x', 20],
    ['@1.5x', 24],
    ['@2x', 32],
  ];
  for (const state of trayStates) {
    for (const theme of trayThemes) {
      const name = theme === 'template' ? `${state}Template` : `${state}-${theme}`;
      // a Mac's screen has one or two pixels a point
      const wanted = scales.filter(([ending]) => theme !== 'template' || !ending.includes('.'));
      for (const [ending, size] of wanted) {
        const { png } = await draw(page, trayIcon(state, theme), size);
        save(`tray/${name}${ending}.png`, png);
      }
    }
  }
}

async function drawApp(page: Page): Promise<void> {
  const plain: Picture[] = [];
  for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
    const picture = await draw(page, appIcon({ hasMargin: false }), size);
    plain.push(picture);
    save(`png/${size}x${size}.png`, picture.png);
  }
  save('icon.ico', icoFile(plain.filter(({ size }) => size <= 256)));
  const mac: Picture[] = [];
  for (const size of [32, 64, 128, 256, 512, 1024])
    mac.push(await draw(page, appIcon({ hasMargin: true }), size));
  save('icon.icns', icnsFile(mac));
}

const executablePath = findBrowser();
if (executablePath === null)
  throw new Error('No Chromium: install Chrome, Edge or Chromium, or name one in MARU_BROWSER.');
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage();
await drawTray(page);
await drawApp(page);
await browser.close();

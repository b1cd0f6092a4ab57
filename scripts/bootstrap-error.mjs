// What can go wrong before the server itself runs. Plain Node 20, no dependencies: nothing may be installed yet.

const isKorean = (
  process.env.LC_ALL ||
  process.env.LC_MESSAGES ||
  process.env.LANG ||
  Intl.DateTimeFormat().resolvedOptions().locale
)
  .toLowerCase()
  .startsWith('ko');

/** @type {Record<string, (facts: Record<string, string | number>) => { ko: string, en: string }>} */
const sentences = {
  REGISTRY_UNREACHABLE: ({ reason }) => ({
    ko: `패키지 저장소(registry)에 닿을 수 없어 필요한 것을 설치하지 못했습니다(${reason}).\n  → 인터넷이나 회사 미러 주소(npm config set registry <주소>)를 확인하세요. 망이 막힌 곳이라면 연결된 컴퓨터에서 npm ci 를 한 뒤 폴더째 옮기면 됩니다.`,
    en: `The package registry cannot be reached, so what is missing could not be installed (${reason}).\n  → Check the connection, or name your mirror: npm config set registry <address>. Without any, run npm ci on a connected machine of the same kind and copy the whole folder.`,
  }),
  INSTALL_FAILED: ({ exitCode }) => ({
    ko: `npm ci 가 실패했습니다(종료 코드 ${exitCode}). 이유는 위에 있습니다.\n  → 마루가 실행 중이면 끝내고 다시 해 보세요.`,
    en: `npm ci failed (exit code ${exitCode}); the reason stands above.\n  → If Maru is running, stop it and try again.`,
  }),
  MODULES_LINKED: ({ target }) => ({
    ko: `node_modules 가 다른 폴더로 이어진 링크이고(${target}), 거기에는 이 버전에 필요한 것이 들어 있지 않습니다. 여기서 설치하면 그 폴더가 비워지므로 하지 않습니다.\n  → 링크만 지운 뒤(폴더는 그대로 둡니다) 다시 실행하세요.`,
    en: `node_modules is a link to another folder (${target}), which does not hold what this version needs. Installing here would empty that folder, so it is not done.\n  → Remove the link (not the folder), then try again.`,
  }),
  NPM_MISSING: () => ({
    ko: 'npm 을 찾을 수 없습니다.\n  → npm 이 함께 들어 있는 Node.js 를 설치하세요.',
    en: 'npm cannot be found.\n  → Install Node.js together with npm.',
  }),
  WRONG_NODE: ({ found }) => ({
    ko: `이 컴퓨터에 맞는 Node.js 가 없습니다(찾은 것: ${found || '없음'}).\n  → Node.js 24 를 설치하세요(22.18 이상이면 됩니다).`,
    en: `There is no suitable Node.js on this machine (found: ${found || 'none'}).\n  → Install Node.js 24 (22.18 or later will do).`,
  }),
  BUNDLE_FAILED: () => ({
    ko: '번들을 만들지 못했습니다. 이유는 위에 있습니다.',
    en: 'Bundling failed; the reason stands above.',
  }),
  BUNDLE_MISSING: () => ({
    ko: '아직 번들이 없습니다.\n  → npm start 를 쓰거나, 먼저 npm run bundle 을 실행하세요.',
    en: 'There is no bundle yet.\n  → Use npm start, or run npm run bundle first.',
  }),
  ELECTRON_UNREACHABLE: ({ reason }) => ({
    ko: `Electron 을 내려받지 못했습니다(${reason}).\n  → 인터넷이나 ELECTRON_MIRROR 주소를 확인하세요. 트레이 없이도 npm start 로 서버를 실행할 수 있습니다.`,
    en: `Electron could not be fetched (${reason}).\n  → Check the connection, or name a mirror in ELECTRON_MIRROR. Without the tray, npm start runs the server all the same.`,
  }),
  NO_DISPLAY: () => ({
    ko: '화면이 없는 컴퓨터에서는 트레이를 띄울 수 없습니다.\n  → npm start 를 쓰세요.',
    en: 'There is no display for a tray.\n  → Use npm start.',
  }),
  ELECTRON_AS_ROOT: () => ({
    ko: 'root 로는 트레이를 실행하지 않습니다. 창의 샌드박스가 꺼지기 때문입니다.\n  → 일반 사용자로 실행하거나, npm start 를 쓰세요.',
    en: 'The tray does not run as root, because its windows would have no sandbox.\n  → Run it as an ordinary user, or use npm start.',
  }),
  BROWSER_MISSING: () => ({
    ko: '브라우저 테스트에 쓸 Chromium 이 없고, 내려받지도 못했습니다.\n  → Chrome, Edge, Chromium 중 하나를 설치하거나 MARU_BROWSER 에 실행 파일 경로를 주세요.',
    en: 'There is no Chromium for the browser tests, and none could be downloaded.\n  → Install Chrome, Edge or Chromium, or name its executable in MARU_BROWSER.',
  }),
};

/** A failure that a person can do something about: a code, a sentence, what to do. */
export class BootstrapError extends Error {
  /** @param {string} code @param {Record<string, string | number>} [facts] */
  constructor(code, facts = {}) {
    const sentence = sentences[code]?.(facts) ?? { ko: code, en: code };
    super(isKorean ? sentence.ko : sentence.en);
    this.name = 'BootstrapError';
    this.code = code;
  }
}

/** @param {string} ko @param {string} en */
export const inLanguage = (ko, en) => (isKorean ? ko : en);

/**
 * Runs a script's main function; its answer is the exit code. Known failures print as sentences, not as stacks.
 * @param {() => Promise<number>} main
 */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof BootstrapError) console.error(`\n[${error.code}] ${error.message}\n`);
    else console.error(error);
    process.exitCode = 2;
  }
}

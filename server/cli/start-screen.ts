import type { ServerAddress } from './addresses.ts';
import type { Language } from './language.ts';

type Screen = {
  version: string;
  dataDir: string;
  addresses: readonly ServerAddress[];
  setupCode: string | null;
  /** The picture of the best LAN address, or empty. */
  qrCode: string;
};

const words = {
  ko: {
    running: '마루가 실행 중입니다',
    here: '이 컴퓨터에서',
    lan: '같은 네트워크에서',
    local: '이 컴퓨터에서만 열 수 있습니다. 다른 사람과 쓰려면 --host 를 빼고 시작하세요.',
    offline: '연결된 네트워크가 없습니다. 지금은 이 컴퓨터에서만 열 수 있습니다.',
    setup: '첫 계정(소유자)을 만들 때 물어보는 설정 코드',
    folder: '데이터 폴더',
    stop: '끝내려면 Ctrl+C',
  },
  en: {
    running: 'Maru is running',
    here: 'On this machine',
    lan: 'On the same network',
    local: 'Only this machine can open it. Start without --host to let others in.',
    offline: 'No network is connected. For now only this machine can open it.',
    setup: 'Set-up code, asked for when the first account (the owner) is made',
    folder: 'Data folder',
    stop: 'Press Ctrl+C to stop',
  },
} as const;

/** What a person sees once the server listens: every address, the set-up code while there is no account, a QR code. */
export function startScreen(screen: Screen, language: Language, isHostChosen: boolean): string {
  const say = words[language];
  const here = screen.addresses.filter(({ kind }) => kind === 'loopback');
  const lan = screen.addresses.filter(({ kind }) => kind !== 'loopback');
  const isAlone = lan.every(({ kind }) => kind === 'name');
  const lines = [`${say.running} (${screen.version})`, ''];
  if (here.length > 0) lines.push(`  ${say.here}`, ...here.map(({ url }) => `    ${url}`));
  if (lan.length > 0) lines.push(`  ${say.lan}`, ...lan.map(({ url }) => `    ${url}`));
  if (isAlone && lan.length === 0) lines.push(`  ${isHostChosen ? say.local : say.offline}`);
  else if (isAlone && !isHostChosen) lines.push(`  ${say.offline}`);
  if (screen.qrCode !== '') lines.push('', screen.qrCode.trimEnd());
  if (screen.setupCode !== null) lines.push('', `  ${say.setup}`, `    ${screen.setupCode}`);
  lines.push('', `  ${say.folder}: ${screen.dataDir}`, `  ${say.stop}`, '');
  return lines.join('\n');
}

import { argumentOf, configKeyNames, configKeys } from '../config-keys.ts';
import type { Language } from './language.ts';

const words = {
  ko: {
    title: '마루 — 회사 안에서만 도는 메신저',
    usage: '사용법: npm start -- [옵션]',
    options: [
      ['backup [파일]', '백업을 하나 만들고 확인 (실행 중에도 됨)'],
      ['restore <파일>', '백업을 되살림 (서버를 먼저 멈출 것)'],
      ['admin <명령>', '브라우저 없이 관리하기: 사람, 가입, 설정 (admin help)'],
      ['--port <번호>', '포트 (기본값 5000)'],
      ['--host <주소>', '받을 주소 (기본값: 모든 주소)'],
      ['--data-dir <폴더>', '데이터 폴더'],
      ['--log-level <단계>', 'trace debug info warn error fatal silent'],
      ['--open, --no-open', '브라우저를 열기 / 열지 않기'],
      ['--cli', '창과 트레이 없이 실행'],
      ['--start-empty', '손상된 데이터베이스를 옆에 두고 빈 것으로 시작'],
      ['--help, --version', '이 도움말 / 버전'],
    ],
    more: '환경 변수(괄호 안)로도, 데이터 폴더의 config.json 으로도 정할 수 있는 나머지:',
    guide: '자세한 설명: docs/operating.md',
  },
  en: {
    title: 'Maru, a messenger that never leaves the building',
    usage: 'Usage: npm start -- [options]',
    options: [
      ['backup [file]', 'make and check a backup (also while running)'],
      ['restore <file>', 'put a backup in place (stop the server first)'],
      ['admin <command>', 'people, sign-up and settings without a browser (admin help)'],
      ['--port <number>', 'port (5000 by default)'],
      ['--host <address>', 'address to serve (every address by default)'],
      ['--data-dir <folder>', 'folder of the data'],
      ['--log-level <level>', 'trace debug info warn error fatal silent'],
      ['--open, --no-open', 'open a browser, or do not'],
      ['--cli', 'run without a window or tray'],
      ['--start-empty', 'keep a damaged database aside and begin with an empty one'],
      ['--help, --version', 'this help; the version'],
    ],
    more: 'Everything else, also by environment variable (in brackets) or in config.json of the data folder:',
    guide: 'In full: docs/operating.md',
  },
} as const;

/** The text of `--help`. */
export function helpText(language: Language): string {
  const say = words[language];
  const shown = say.options.map(([name]) => name).join(' ');
  const others = configKeyNames.filter((key) => !shown.includes(argumentOf(key)));
  const keyLines = others.map((key) => {
    const definition = configKeys[key];
    const name = 'isSecret' in definition ? '' : argumentOf(key);
    return `  ${name.padEnd(36)}${'env' in definition ? `(${definition.env})` : ''}`;
  });
  const optionLines = say.options.map(([name, meaning]) => `  ${padded(name, 22)}${meaning}`);
  return [say.title, '', say.usage, '', ...optionLines, '', say.more, ...keyLines, '', say.guide, ''].join(
    '\n',
  );
}

/** Pads to a width in terminal columns, where a Hangul syllable takes two. */
function padded(text: string, width: number): string {
  const columns = text.length + (text.match(/[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/g)?.length ?? 0);
  return text + ' '.repeat(Math.max(1, width - columns));
}

/** Every text of tray, menu, notification and dialog, in both languages side by side. The window has its own. */

export type Language = 'ko' | 'en';

type Words = Readonly<Record<Language, string>>;

export const desktopWords = {
  name: { ko: '마루', en: 'Maru' },
  starting: { ko: '마루 — 시작하는 중', en: 'Maru — starting' },
  running: { ko: '마루 — 실행 중', en: 'Maru — running' },
  stopping: { ko: '마루 — 멈추는 중', en: 'Maru — stopping' },
  stopped: { ko: '마루 — 멈춤', en: 'Maru — stopped' },
  problem: { ko: '마루 — 문제가 있습니다', en: 'Maru — there is a problem' },
  openMessenger: { ko: '메신저 열기', en: 'Open messenger' },
  copyAddress: { ko: '주소 복사', en: 'Copy address' },
  showQrCode: { ko: 'QR 코드 보기', en: 'Show QR code' },
  statistics: { ko: '통계', en: 'Statistics' },
  settings: { ko: '설정', en: 'Settings' },
  start: { ko: '서버 시작', en: 'Start server' },
  stop: { ko: '서버 멈추기', en: 'Stop server' },
  restart: { ko: '서버 다시 시작', en: 'Restart server' },
  openLogs: { ko: '로그 폴더 열기', en: 'Open logs folder' },
  startAtLogin: { ko: '로그인할 때 시작', en: 'Start at login' },
  showProblem: { ko: '문제 보기', en: 'Show the problem' },
  quit: { ko: '마루 끝내기', en: 'Quit Maru' },
  problemTitle: { ko: '마루 서버가 실행되고 있지 않습니다', en: 'The Maru server is not running' },
  settingsKeptAside: {
    ko: '설정 파일이 손상되어 기본값으로 시작했습니다. 손상된 파일: {file}',
    en: 'The settings file was damaged, so the defaults are used. It was kept as {file}',
  },
  chooseFolder: { ko: '데이터 폴더 고르기', en: 'Choose the data folder' },
  cancel: { ko: '취소', en: 'Cancel' },
  startEmpty: { ko: '빈 데이터베이스로 시작', en: 'Start with an empty database' },
  startEmptyQuestion: {
    ko: '빈 데이터베이스로 시작할까요?',
    en: 'Start with an empty database?',
  },
  startEmptyDetail: {
    ko: '계정과 대화방이 모두 빈 상태로 시작합니다. 손상된 데이터베이스는 지우지 않고 옆에 보관합니다. 백업이 있다면 먼저 되살리는 편이 낫습니다.',
    en: 'There will be no accounts and no rooms. The damaged database is not deleted but kept beside the new one. If you have a backup, restoring it is the better way.',
  },
  restoreBackup: { ko: '백업 되살리기…', en: 'Restore a backup…' },
  chooseBackup: { ko: '되살릴 백업 고르기', en: 'Choose the backup' },
  backupFiles: { ko: '마루 백업', en: 'Maru backups' },
  restoreQuestion: { ko: '이 백업으로 되돌릴까요?', en: 'Go back to this backup?' },
  restoreDetail: {
    ko: '{file}\n\n그 뒤에 바뀐 것은 서버에서 사라지고, 모두 다시 로그인해야 합니다. 먼저 백업이 온전한지 확인하며, 손상된 데이터베이스는 지우지 않고 옆에 보관합니다.',
    en: '{file}\n\nWhat changed since then is gone from the server, and everybody has to sign in again. The backup is checked first, and the damaged database is not deleted but kept beside the new one.',
  },
  restoreNow: { ko: '되살리고 시작', en: 'Restore and start' },
  notRestored: {
    ko: '되살리지 못했습니다({code}). 아무것도 바꾸지 않았습니다. 다른 백업을 골라 보세요.',
    en: 'It could not be restored ({code}). Nothing was changed. Try another backup.',
  },
  folderNotOpened: { ko: '폴더를 열 수 없습니다: {reason}', en: 'The folder cannot be opened: {reason}' },
  browserNotOpened: {
    ko: '브라우저를 열 수 없습니다: {reason}',
    en: 'The browser cannot be opened: {reason}',
  },
  fileNotWritten: { ko: '저장하지 못했습니다: {reason}', en: 'It could not be saved: {reason}' },
  notRunning: { ko: '서버가 실행되고 있지 않습니다.', en: 'The server is not running.' },
  usePort: { ko: '{port}번 포트 쓰기', en: 'Use port {port}' },
  useAllAddresses: { ko: '모든 주소에서 받기', en: 'Serve every address' },
  openFolder: { ko: '폴더 열기', en: 'Open the folder' },
  retry: { ko: '다시 해 보기', en: 'Try again' },
  otherFolder: { ko: '다른 폴더 고르기', en: 'Choose another folder' },
} as const satisfies Record<string, Words>;

export type DesktopWord = keyof typeof desktopWords;

/** The text in a language, with `{name}` replaced. */
export function say(
  word: DesktopWord,
  language: Language,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return desktopWords[word][language].replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );
}

/** The language that the person chose, else the first of the system's that there is; English if none. */
export function languageOf(chosen: 'system' | Language, systemLanguages: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  const known = systemLanguages.find((tag) => /^(ko|en)\b/i.test(tag));
  return known?.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

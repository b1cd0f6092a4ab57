/** The text of `admin help`. */
import type { Language } from '../language.ts';

const lines: readonly (readonly [string, Record<Language, string>])[] = [
  [
    'people [words] [--state active|pending|disabled] [--role owner|admin|member]',
    { ko: '사람과 상태', en: 'people and their state' },
  ],
  [
    'approve <user> [--room <name or id>]…',
    { ko: '가입 승인, 방에 추가해 달라고 알림', en: 'let somebody in, and propose them to rooms' },
  ],
  ['decline <user>', { ko: '가입 거절', en: 'turn somebody away' }],
  [
    'disable <user>',
    { ko: '계정 중지: 로그인과 연결이 바로 끊김', en: 'end an account’s sessions and memberships at once' },
  ],
  ['enable <user>', { ko: '계정을 다시 켬', en: 'let a disabled account in again' }],
  ['role <user> owner|admin|member', { ko: '서버에서의 역할', en: 'the role on this server' }],
  [
    'reset-code <user> [--device-lost]',
    {
      ko: '비밀번호와 복구 시트를 모두 잃은 사람의 코드',
      en: 'a code for somebody without password and sheet',
    },
  ],
  [
    'sign-up [open|approval|invitation|closed]',
    { ko: '누가 가입할 수 있는지', en: 'who may make an account' },
  ],
  [
    'invite [--uses <n>] [--days <n>] [--note <text>]',
    { ko: '초대 코드 만들기', en: 'make an invitation code' },
  ],
  ['invitations [revoke <id>]', { ko: '초대 목록, 취소', en: 'list invitations, take one back' }],
  ['rooms [words]', { ko: '그룹 방', en: 'group rooms' }],
  [
    'settings [<key> [<value>|default]]',
    { ko: '설정 보기, 바꾸기(다시 시작하면 적용)', en: 'show or change settings (from the next start)' },
  ],
  [
    'policies [<key> <value>]',
    { ko: '읽음 표시, 회수 시간(바로 적용)', en: 'read receipts and recall time (at once)' },
  ],
  ['audit [--about <user>] [--actions a,b] [--limit <n>]', { ko: '감사 기록', en: 'the audit log' }],
  ['audit check', { ko: '감사 기록이 바뀌지 않았는지 확인', en: 'whether the audit log is unchanged' }],
  [
    'audit export <file.csv|file.json> [--from <YYYY-MM-DD>] [--to <YYYY-MM-DD>]',
    {
      ko: '감사 기록을 해시와 함께 파일로 저장',
      en: 'the audit log with its hashes, as a file',
    },
  ],
  [
    'overview · online · log [words] [--level <level>] · restart',
    { ko: '서버 상태 · 접속한 사람 · 로그 · 다시 시작', en: 'state · who is online · log · start again' },
  ],
];

const words = {
  ko: {
    head: '사용법: npm start -- --cli admin <명령> [--data-dir <폴더>]',
    foot: [
      '--json  결과를 JSON 한 줄로     --yes  되돌릴 수 없는 일도 묻지 않고',
      '실행 중인 서버에는 바로 적용되고, 멈춰 있으면 데이터 폴더에 직접 적용됩니다.',
      '끝날 때의 값: 0 됨 · 1 거절됨 · 2 할 수 없음 · 3 확인하지 않음',
    ],
  },
  en: {
    head: 'Usage: npm start -- --cli admin <command> [--data-dir <folder>]',
    foot: [
      '--json  the result as one line of JSON     --yes  do not ask, even about what cannot be taken back',
      'A running server does it at once; with the server stopped it is done in the data folder.',
      'Exit codes: 0 done · 1 refused · 2 could not be done · 3 not confirmed',
    ],
  },
} as const;

export const adminHelp = (language: Language): string =>
  [
    words[language].head,
    '',
    ...lines.flatMap(([usage, meaning]) => [`  ${usage}`, `      ${meaning[language]}`]),
    '',
    ...words[language].foot.map((line) => `  ${line}`),
  ].join('\n');

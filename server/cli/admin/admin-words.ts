/** What `admin …` says, in Korean and English side by side, so that neither is forgotten. */
import type { Language } from '../language.ts';

export type Say = (name: WordName, ...values: readonly (string | number)[]) => string;

const words = {
  noData: {
    ko: '데이터 폴더에 데이터베이스가 없습니다: {0}',
    en: 'There is no database in the data folder: {0}',
  },
  unknownCommand: { ko: '없는 명령입니다: {0}', en: 'There is no such command: {0}' },
  unknownOption: { ko: '없는 옵션입니다: {0}', en: 'There is no such option: {0}' },
  valueMissing: { ko: '{0} 뒤에 값이 필요합니다.', en: '{0} needs a value.' },
  valueWrong: { ko: '쓸 수 없는 값입니다: {0}', en: 'This value cannot be used: {0}' },
  wordMissing: { ko: '빠진 것이 있습니다: {0}', en: 'Something is missing: {0}' },
  meant: { ko: '혹시 {0} 인가요?', en: 'Did you mean {0}?' },
  seeHelp: { ko: '도움말: admin help', en: 'Help: admin help' },
  noSuchPerson: { ko: '{0} 라는 사용자가 없습니다.', en: 'There is nobody called {0}.' },
  noSuchRoom: { ko: '{0} 라는 방이 없습니다.', en: 'There is no room called {0}.' },
  severalRooms: {
    ko: '{0} 라는 방이 여럿입니다. 이름 대신 번호를 쓰세요(admin rooms).',
    en: 'Several rooms are called {0}. Use the id instead of the name (admin rooms).',
  },
  sure: { ko: '계속할까요? [y/N] ', en: 'Go on? [y/N] ' },
  notConfirmed: {
    ko: '아무것도 바꾸지 않았습니다. 묻지 않고 하려면 --yes 를 붙이세요.',
    en: 'Nothing was changed. Add --yes to go on without being asked.',
  },
  askDisable: {
    ko: '{0} 님의 로그인과 연결이 바로 끊기고, 모든 그룹 방에서 나가게 됩니다.',
    en: '{0} is signed out everywhere at once and leaves every group.',
  },
  askDecline: {
    ko: '{0} 님의 가입 신청이 지워집니다. 되돌릴 수 없습니다.',
    en: 'The account of {0}, who waits, is deleted. This cannot be taken back.',
  },
  askRole: { ko: '{0} 님을 {1}(으)로 바꿉니다.', en: '{0} becomes {1}.' },
  askRevoke: {
    ko: '초대 {0} 을(를) 취소합니다. 되돌릴 수 없습니다.',
    en: 'Invitation {0} is taken back for good.',
  },
  askReset: {
    ko: '{0} 님은 새 열쇠로 다시 시작합니다. 동료가 되살릴 수 있는 방 {1}개, 되살릴 수 없는 방 {2}개. 복구 시트가 있으면 그것을 먼저 쓰게 하세요.',
    en: '{0} starts again with new keys. {1} rooms can be healed by colleagues, {2} cannot. A recovery sheet, if there is one, is the better way.',
  },
  askLost: {
    ko: '기기를 잃어버린 것으로 처리합니다: 로그인이 바로 끊기고 모든 그룹 방에서 나갑니다.',
    en: 'The device counts as lost: all sessions end at once and every group is left.',
  },
  askRestart: {
    ko: '서버를 다시 시작합니다. 모두의 연결이 잠시 끊깁니다.',
    en: 'The server starts again; everybody is disconnected for a moment.',
  },
  approved: { ko: '{0} 님을 승인했습니다.', en: '{0} is let in.' },
  proposed: {
    ko: '방 {0}개의 방장과 관리자에게 추가해 달라고 알렸습니다.',
    en: 'The owners and admins of {0} rooms are asked to add the person.',
  },
  declined: { ko: '{0} 님의 신청을 거절했습니다.', en: 'The request of {0} is declined.' },
  disabled: { ko: '{0} 님의 계정을 중지했습니다.', en: '{0} is disabled.' },
  enabled: {
    ko: '{0} 님의 계정을 다시 켰습니다. 나갔던 방 {1}곳에 다시 추가해 달라고 알렸습니다.',
    en: '{0} is enabled. {1} former rooms are asked to add the person again.',
  },
  inUse: { ko: '{0} 님의 계정은 이미 사용 중입니다.', en: '{0} is in use already.' },
  roleSet: { ko: '{0} 님은 이제 {1}입니다.', en: '{0} is now {1}.' },
  resetCode: {
    ko: '{0} 님의 재설정 코드입니다. 지금 한 번만 보입니다. {1} 까지 쓸 수 있습니다.',
    en: 'The reset code of {0}. It is shown this once and counts until {1}.',
  },
  signUpIs: { ko: '가입: {0}', en: 'Sign-up: {0}' },
  invited: {
    ko: '초대 코드입니다. 지금 한 번만 보입니다. {0}번, {1} 까지 쓸 수 있습니다.',
    en: 'The invitation code. It is shown this once and counts {0} times until {1}.',
  },
  revoked: { ko: '초대를 취소했습니다.', en: 'The invitation is taken back.' },
  settingSet: {
    ko: '저장했습니다. 서버를 다시 시작하면 적용됩니다.',
    en: 'Saved. It counts from the next start of the server.',
  },
  policySet: { ko: '바로 적용했습니다.', en: 'It counts at once.' },
  restarting: { ko: '서버가 다시 시작합니다.', en: 'The server starts again.' },
  notRunning: { ko: '서버가 실행 중이 아닙니다.', en: 'The server is not running.' },
  intact: {
    ko: '기록 {0}개가 모두 온전합니다. 마지막 해시: {1}',
    en: 'All {0} entries are intact. Newest hash: {1}',
  },
  broken: {
    ko: '기록이 바뀌었습니다. 처음 맞지 않는 기록: {0}',
    en: 'The log was changed. First entry that does not fit: {0}',
  },
  auditWritten: { ko: '감사 기록 {0}개를 저장했습니다: {1}', en: '{0} entries of the audit log are in {1}' },
  fileThere: {
    ko: '{0} 파일이 이미 있습니다. 다른 이름을 쓰세요.',
    en: '{0} is there already. Choose another name.',
  },
  fileRefused: { ko: '{0} 파일을 만들 수 없습니다.', en: '{0} cannot be made.' },
  cutOff: { ko: '기록의 끝이 없어졌습니다.', en: 'Entries are missing at the end of the log.' },
  counts: {
    ko: '사용 중 {0} · 승인 대기 {1} · 중지 {2}',
    en: '{0} in use · {1} waiting · {2} disabled',
  },
  nothing: { ko: '없음', en: 'none' },
  more: {
    ko: '더 있습니다. --limit 로 늘리거나 좁혀서 찾으세요.',
    en: 'There are more: raise --limit or narrow the search.',
  },
  state_active: { ko: '사용 중', en: 'in use' },
  state_pending: { ko: '승인 대기', en: 'waiting' },
  state_disabled: { ko: '중지', en: 'disabled' },
  role_owner: { ko: '소유자', en: 'owner' },
  role_admin: { ko: '관리자', en: 'admin' },
  role_member: { ko: '구성원', en: 'member' },
  signUp_open: { ko: '누구나(open)', en: 'open' },
  signUp_approval: { ko: '승인 후(approval)', en: 'with approval' },
  signUp_invitation: { ko: '초대받은 사람만(invitation)', en: 'by invitation' },
  signUp_closed: { ko: '닫힘(closed)', en: 'closed' },
  invitation_open: { ko: '사용 가능', en: 'open' },
  invitation_used: { ko: '다 씀', en: 'used up' },
  invitation_ended: { ko: '기한 지남', en: 'ended' },
  invitation_revoked: { ko: '취소됨', en: 'taken back' },
  refused: { ko: '거절되었습니다', en: 'Refused' },
} as const satisfies Record<string, Record<Language, string>>;

export type WordName = keyof typeof words;

export const sayIn =
  (language: Language): Say =>
  (name, ...values) =>
    words[name][language].replace(/\{(\d)\}/g, (_whole, index: string) =>
      String(values[Number(index)] ?? ''),
    );

/** Refusals in people's words; any other has the contract's English sentence. */
export const refusals: Readonly<Record<string, string>> = {
  NOT_FOUND: '없거나, 지금 그 상태가 아닙니다.',
  FORBIDDEN: '그렇게 할 권한이 없습니다.',
  LAST_OWNER: '서버의 마지막 소유자입니다. 먼저 다른 사람을 소유자로 정하세요.',
  PERSON_DISABLED: '사용이 중지된 계정입니다.',
  LIST_FULL: '초대가 너무 많습니다. 먼저 몇 개를 취소하세요.',
  INVALID_INPUT: '값이 올바르지 않습니다.',
  SETTING_OVERRIDDEN: '환경 변수나 명령줄 인자로 정해져 있어 바꿀 수 없습니다.',
  SETTINGS_UNREADABLE: 'config.json을 읽을 수 없습니다. 먼저 파일을 고치세요.',
  PORT_TAKEN: '그 포트나 주소는 쓸 수 없습니다.',
  DISK_FULL: '디스크가 가득 찼습니다.',
  SHUTTING_DOWN: '서버가 멈추는 중입니다. 잠시 뒤에 다시 해 보세요.',
  RESTART_NOT_POSSIBLE: '이 서버는 스스로 다시 시작할 수 없습니다.',
};

/** Korean, about coming back in and changing keys; a part of `ko-later.ts`. */
export const koReentry = {
  'signIn.locked': '비밀번호를 다시 입력해 주세요',
  'signIn.lockedText':
    '{name} 님, 로그인은 되어 있지만 이 브라우저에서 대화 열쇠를 열려면 비밀번호가 필요합니다.',
  'signIn.unlock': '열기',
  'signIn.otherAccount': '로그아웃',
  'reentry.title': '비밀번호를 잊으셨나요?',
  'reentry.lead':
    '비밀번호는 서버에 없어서 알려 드릴 수 없지만, 새로 정할 수 있습니다. 무엇을 가지고 계신가요?',
  'failure.NEWER_KEYS': '이 브라우저에 서버보다 새로운 열쇠가 있습니다. 그때 정한 비밀번호가 필요합니다.',
  'newerKeys.wrong':
    '아이디나 비밀번호가 맞지 않습니다. {date}에 서버가 예전 백업으로 복원되었습니다. 백업 뒤에 비밀번호를 바꾸었거나 초기화를 받았다면, 그 전에 쓰던 비밀번호로 로그인해 주세요. 기억나지 않으면 관리자에게 초기화 코드를 받으면 됩니다.',
  'newerKeys.title': '더 새로운 열쇠가 있습니다',
  'newerKeys.text':
    '서버가 예전 백업으로 복원되면서 그 뒤에 새로 만든 열쇠를 잃었습니다. 다행히 이 브라우저에는 남아 있습니다. 새 열쇠를 만들 때 정한 비밀번호를 입력하면 서버에 돌려주고, 그 비밀번호가 다시 쓰입니다.',
  'newerKeys.password': '나중에 정한 비밀번호',
  'newerKeys.submit': '열쇠를 돌려주고 들어가기',
  'newerKeys.neither':
    '기억나지 않으면 관리자에게 새 초기화 코드를 받아 주세요. 지난 대화는 동료가 새 열쇠를 확인하면 열립니다.',
  'reentry.bySheet': '복구 시트가 있어요',
  'reentry.bySheetText': '가입할 때 인쇄하거나 적어 둔 아홉 묶음의 글자입니다. 모든 대화가 그대로 열립니다.',
  'reentry.byCode': '관리자에게 코드를 받았어요',
  'reentry.byCodeText': '새 열쇠로 다시 시작합니다. 지난 대화는 동료가 도와주면 열립니다.',
  'reentry.neither': '둘 다 없어요',
  'reentry.neitherText': '누구에게 무엇을 부탁하면 되는지 알려 드립니다.',
  'reentry.sheet': '복구 시트',
  'reentry.sheetHint': '아홉 묶음을 차례대로 입력해 주세요. 대소문자와 띄어쓰기는 상관없습니다.',
  'reentry.code': '관리자에게 받은 코드',
  'reentry.codeHint': '받은 지 하루 안에 한 번만 쓸 수 있습니다.',
  'reentry.codeWarn':
    '새 열쇠를 만들기 때문에, 지난 대화는 함께 쓰던 동료가 내 새 열쇠를 확인해 준 뒤에 열립니다. 복구 시트를 찾을 수 있다면 시트로 들어오는 편이 낫습니다.',
  'reentry.next': '계속',
  'reentry.back': '뒤로',
  'reentry.opening': '확인하는 중…',
  'reentry.passwordTitle': '{name} 님, 새 비밀번호를 정해 주세요',
  'reentry.passwordText':
    '다음 화면에서 새 복구 시트를 드립니다. 마칠 때까지는 아무것도 바뀌지 않으니, 가지고 계신 시트도 그때까지 보관해 주세요.',
  'reentry.making': '새 열쇠를 만드는 중…',
  'reentry.finish': '마치고 들어가기',
  'reentry.finishing': '새 비밀번호로 들어가는 중…',
  'reentry.unknown':
    '서버가 대답하지 않아 반영되었는지 알 수 없습니다. 한 번 더 누르면 확인합니다. 그때까지 예전 시트와 새 시트를 모두 보관해 주세요.',
  'reentry.discardText':
    '아직 끝나지 않았습니다. 지금 닫으면 아무것도 바뀌지 않고, 이 시트는 쓸 수 없습니다.',
  'reentry.done': '새 비밀번호로 들어왔습니다. 예전 복구 시트는 이제 쓸 수 없습니다.',
  'reentry.doneCode': '새 열쇠로 들어왔습니다. 지난 대화는 동료가 새 열쇠를 확인하면 열립니다.',
  'reentry.neitherTitle': '관리자에게 재설정 코드를 부탁해 주세요',
  'reentry.neitherAsk':
    '회사에서 마루를 관리하는 분(전산 담당자나 마루를 설치한 분)이 관리 화면에서 만들 수 있습니다. 받은 코드로 이 화면에서 새 비밀번호를 정합니다.',
  'reentry.neitherLoss':
    '코드로 들어오면 새 열쇠로 다시 시작합니다. 지난 대화는 같은 대화에 있는 동료가 새 열쇠를 확인해 주면 열리고, 혼자만 있던 대화는 열리지 않습니다.',
  'reentry.neitherSheet':
    '나중에라도 복구 시트를 찾으면 예전 열쇠를 되찾을 수 있습니다. 시트가 나오면 버리지 마세요.',
  'password.change': '비밀번호 바꾸기',
  'password.changeText':
    '새 비밀번호로 열쇠를 다시 잠급니다. 이 브라우저를 뺀 모든 곳에서 바로 로그아웃되고, 복구 시트는 그대로 쓸 수 있습니다.',
  'password.current': '지금 비밀번호',
  'password.next': '새 비밀번호',
  'password.nextRepeat': '새 비밀번호 확인',
  'password.changing': '열쇠를 다시 잠그는 중…',
  'password.changed': '비밀번호를 바꿨습니다. 다른 곳에서는 모두 로그아웃되었습니다.',
  'password.unknown': '서버가 대답하지 않아 바뀌었는지 알 수 없습니다. 한 번 더 누르면 확인합니다.',
  'oldSheet.title': '예전 복구 시트를 찾았어요',
  'oldSheet.text':
    '재설정하기 전의 복구 시트로 예전 열쇠를 되찾으면, 그때의 대화가 모두 다시 열립니다. 동료들의 화면에서도 새 열쇠가 저절로 확인됩니다.',
  'oldSheet.kept': '{date}에 재설정하기 전의 열쇠가 보관되어 있습니다.',
  'oldSheet.none': '되찾을 예전 열쇠가 없습니다.',
  'oldSheet.wrong': '재설정하기 전의 복구 시트가 아닙니다.',
  'oldSheet.submit': '예전 열쇠 되찾기',
  'oldSheet.busy': '예전 열쇠를 여는 중…',
} as const;

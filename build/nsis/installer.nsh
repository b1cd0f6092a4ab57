# What Maru's installer does beyond electron-builder's own: it asks whether to start at login, opens the firewall, guards the data
# folder, and on the way out leaves the data unless told otherwise. The template calls these macros; the names are its own.
#
# Silent: setup.exe /S [/allusers | /currentuser] [/startatlogin]; uninstaller /S [--delete-data].

!include nsDialogs.nsh
!include LogicLib.nsh
!include FileFunc.nsh

!define MARU_RULE "Maru"
!define MARU_TASK "Maru"
# the same name and form that the app itself writes and reads, so that its own switch shows and changes the same thing
!define MARU_LOGIN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define MARU_LOGIN_NAME "${APP_ID}"

# Korean is 1042, English 1033
LangString maruOptionsTitle 1042 "시작 방법"
LangString maruOptionsTitle 1033 "How it starts"
LangString maruOptionsText 1042 "이 컴퓨터가 켜져 있는 동안 동료들이 메신저를 쓸 수 있습니다."
LangString maruOptionsText 1033 "Colleagues can use the messenger while this computer is on."
LangString maruStartAtLogin 1042 "로그인할 때 마루를 트레이에서 시작(&S)"
LangString maruStartAtLogin 1033 "&Start Maru in the tray at login"
LangString maruFirewallAll 1042 "방화벽에 마루의 규칙을 더합니다. 사무실 네트워크의 다른 컴퓨터가 들어올 수 있습니다."
LangString maruFirewallAll 1033 "A firewall rule for Maru is added, so that other computers of the office network can come in."
LangString maruFirewallUser 1042 "나만 사용하도록 설치하면 방화벽 규칙을 더할 수 없습니다. 윈도우가 물으면 허용하세요."
LangString maruFirewallUser 1033 "Installed for yourself only, Maru cannot add a firewall rule. Allow it when Windows asks."
LangString maruFirewallFailed 1042 "방화벽 규칙을 더하지 못했습니다. 다른 컴퓨터가 들어오지 못하면 윈도우 방화벽에서 Maru를 허용하세요."
LangString maruFirewallFailed 1033 "The firewall rule could not be added. If other computers cannot come in, allow Maru in the Windows firewall."
LangString maruDeleteData 1042 "이 컴퓨터의 마루 데이터도 지울까요?$\r$\n$\r$\n$maruDataFolder$\r$\n$\r$\n계정, 대화, 파일, 그 안의 백업까지 모두 사라지며 되돌릴 수 없습니다. 잘 모르겠으면 '아니요'를 고르세요."
LangString maruDeleteData 1033 "Also delete Maru's data on this computer?$\r$\n$\r$\n$maruDataFolder$\r$\n$\r$\nAccounts, conversations, files and the backups in that folder would be gone for good. If in doubt, choose No."

Var maruDataFolder
!ifndef BUILD_UNINSTALLER
  Var maruOptionsPage
  Var maruStartAtLoginBox
  Var maruIsStartedAtLogin
!endif

# the folder that the server uses unless told otherwise; in SHELL_CONTEXT "all" $APPDATA is %ProgramData%
!macro maruFindDataFolder
  ReadEnvStr $maruDataFolder ProgramData
  ${if} $maruDataFolder == ""
    StrCpy $maruDataFolder "$WINDIR\..\ProgramData"
  ${endIf}
  StrCpy $maruDataFolder "$maruDataFolder\Maru"
!macroend

# A task that starts the server before anybody logs in holds the program's files open.
!macro maruStopTask
  nsExec::Exec '"$SYSDIR\schtasks.exe" /End /TN "${MARU_TASK}"'
  Pop $0
!macroend

!macro maruRemoveRules
  nsExec::Exec '"$SYSDIR\netsh.exe" advfirewall firewall delete rule name="${MARU_RULE}"'
  Pop $0
!macroend

!ifndef BUILD_UNINSTALLER

  !macro customInit
    StrCpy $maruIsStartedAtLogin "0"
    # an upgrade shows how it is at present
    ReadRegStr $0 HKCU "${MARU_LOGIN_KEY}" "${MARU_LOGIN_NAME}"
    ${if} $0 != ""
      StrCpy $maruIsStartedAtLogin "1"
    ${endIf}
    ${GetParameters} $R0
    ClearErrors
    ${GetOptions} $R0 "/startatlogin" $R1
    ${ifNot} ${Errors}
      StrCpy $maruIsStartedAtLogin "1"
    ${endIf}
    ClearErrors
    !insertmacro maruStopTask
  !macroend

  !macro customPageAfterChangeDir
    Page custom maruShowOptions maruTakeOptions
  !macroend

  # Functions are made where the template has declared what they use: this file is read before all else.
  !macro customHeader
    Function maruShowOptions
      !insertmacro MUI_HEADER_TEXT "$(maruOptionsTitle)" "$(maruOptionsText)"
      nsDialogs::Create 1018
      Pop $maruOptionsPage
      ${if} $maruOptionsPage == error
        Abort
      ${endIf}
      ${NSD_CreateCheckbox} 0 0 100% 12u "$(maruStartAtLogin)"
      Pop $maruStartAtLoginBox
      # on, unless it was installed before and is off
      ${if} $maruIsStartedAtLogin == "1"
      ${orIfNot} ${FileExists} "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
        ${NSD_Check} $maruStartAtLoginBox
      ${endIf}
      ${if} $installMode == "all"
        ${NSD_CreateLabel} 0 22u 100% 30u "$(maruFirewallAll)"
      ${else}
        ${NSD_CreateLabel} 0 22u 100% 30u "$(maruFirewallUser)"
      ${endIf}
      Pop $0
      nsDialogs::Show
    FunctionEnd

    Function maruTakeOptions
      ${NSD_GetState} $maruStartAtLoginBox $0
      ${if} $0 == ${BST_CHECKED}
        StrCpy $maruIsStartedAtLogin "1"
      ${else}
        StrCpy $maruIsStartedAtLogin "0"
      ${endIf}
    FunctionEnd

    # Called as the person who started the installer, not as the administrator who allowed it: the list is that person's own.
    Function maruWriteLogin
      WriteRegStr HKCU "${MARU_LOGIN_KEY}" "${MARU_LOGIN_NAME}" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --hidden'
    FunctionEnd

    Function maruRemoveLogin
      DeleteRegValue HKCU "${MARU_LOGIN_KEY}" "${MARU_LOGIN_NAME}"
    FunctionEnd

    # Where Windows trusts the network anybody may come in; where it does not, the office's private addresses: a network without
    # internet counts as public. The rules name the program, so that another port needs no other rule.
    Function maruAddRules
      !insertmacro maruRemoveRules
      nsExec::Exec '"$SYSDIR\netsh.exe" advfirewall firewall add rule name="${MARU_RULE}" dir=in action=allow protocol=TCP profile=domain,private program="$INSTDIR\${APP_EXECUTABLE_FILENAME}"'
      Pop $0
      nsExec::Exec '"$SYSDIR\netsh.exe" advfirewall firewall add rule name="${MARU_RULE}" dir=in action=allow protocol=TCP profile=public remoteip=LocalSubnet,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16 program="$INSTDIR\${APP_EXECUTABLE_FILENAME}"'
      Pop $1
      ${if} $0 != 0
      ${orIf} $1 != 0
        MessageBox MB_OK|MB_ICONEXCLAMATION "$(maruFirewallFailed)" /SD IDOK
      ${endIf}
    FunctionEnd

    # Not everybody with an account on this computer, and nobody from the network, may look into the data: administrators (…-544),
    # Windows (…-18), the start-up task (…-19), and whoever sits at the computer (S-1-5-4) and so may start the tray app.
    Function maruGuardData
      !insertmacro maruFindDataFolder
      ${if} $installMode == "all"
        CreateDirectory "$maruDataFolder"
        nsExec::Exec '"$SYSDIR\icacls.exe" "$maruDataFolder" /inheritance:r /grant *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-19:(OI)(CI)M *S-1-5-4:(OI)(CI)M'
        Pop $0
      ${elseIfNot} ${FileExists} "$maruDataFolder\*.*"
        CreateDirectory "$maruDataFolder"
        ReadEnvStr $1 USERDOMAIN
        ReadEnvStr $2 USERNAME
        nsExec::Exec '"$SYSDIR\icacls.exe" "$maruDataFolder" /inheritance:r /grant *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F "$1\$2:(OI)(CI)F"'
        Pop $0
      ${endIf}
    FunctionEnd
  !macroend

  !macro customInstall
    Call maruGuardData
    ${if} $installMode == "all"
      Call maruAddRules
    ${endIf}
    ${if} $maruIsStartedAtLogin == "1"
      !insertmacro UAC_AsUser_Call Function maruWriteLogin ${UAC_SYNCREGISTERS}|${UAC_SYNCINSTDIR}
    ${else}
      !insertmacro UAC_AsUser_Call Function maruRemoveLogin ${UAC_SYNCREGISTERS}|${UAC_SYNCINSTDIR}
    ${endIf}
  !macroend

!else

  !macro customHeader
    Function un.maruRemoveLogin
      DeleteRegValue HKCU "${MARU_LOGIN_KEY}" "${MARU_LOGIN_NAME}"
    FunctionEnd
  !macroend

  !macro customUnInit
    !insertmacro maruStopTask
  !macroend

  # An upgrade runs the old version's uninstaller with --updated: nothing of the person's choices is touched then.
  !macro customUnInstall
    ${if} $installMode == "all"
      !insertmacro maruRemoveRules
    ${endIf}
    ${ifNot} ${isUpdated}
      !insertmacro UAC_AsUser_Call Function un.maruRemoveLogin ${UAC_SYNCREGISTERS}
      ${if} $installMode == "all"
        nsExec::Exec '"$SYSDIR\schtasks.exe" /Delete /F /TN "${MARU_TASK}"'
        Pop $0
      ${endIf}
      !insertmacro maruFindDataFolder
      StrCpy $1 "no"
      ${GetParameters} $R0
      ClearErrors
      ${GetOptions} $R0 "--delete-data" $R1
      ${ifNot} ${Errors}
        StrCpy $1 "yes"
      ${elseIf} ${FileExists} "$maruDataFolder\*.*"
        MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(maruDeleteData)" /SD IDNO IDNO +2
        StrCpy $1 "yes"
      ${endIf}
      ClearErrors
      ${if} $1 == "yes"
        RMDir /r "$maruDataFolder"
      ${endIf}
    ${endIf}
  !macroend

!endif

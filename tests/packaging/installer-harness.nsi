# electron-builder's installer template, as far as build/nsis/installer.nsh meets it: what is declared before and after it, and
# where its macros are inserted. What belongs to plug-ins that are not part of NSIS is replaced by macros of the same shape.
Unicode true
!define APP_ID "Maru.IntranetMessenger"
!define APP_EXECUTABLE_FILENAME "Maru.exe"
!define UAC_SYNCREGISTERS 0x1
!define UAC_SYNCINSTDIR 0x8
!macro UAC_AsUser_Call type name flags
  Push $0
  Get${type}Address $0 ${name}
  Call $0
  Pop $0
!macroend
!macro _isUpdated _a _b _t _f
  StrCmp "$CMDLINE" "--updated" `${_t}` `${_f}`
!macroend
!define isUpdated `"" isUpdated ""`

!include "${INCLUDE_FILE}"

!include MUI2.nsh
!include FileFunc.nsh
Var installMode
Name "Maru"
OutFile "${OUT_FILE}"
InstallDir "$PROGRAMFILES64\Maru"
RequestExecutionLevel user

!ifndef BUILD_UNINSTALLER
  !insertmacro MUI_PAGE_DIRECTORY
  !insertmacro customPageAfterChangeDir
  !insertmacro MUI_PAGE_INSTFILES
!else
  !insertmacro MUI_UNPAGE_INSTFILES
!endif
!insertmacro MUI_LANGUAGE "Korean"
!insertmacro MUI_LANGUAGE "English"
!insertmacro customHeader

Function .onInit
  StrCpy $installMode "all"
  !ifdef BUILD_UNINSTALLER
    WriteUninstaller "$EXEDIR\uninstall.exe"
  !else
    !insertmacro customInit
  !endif
FunctionEnd

Section "install"
  !ifndef BUILD_UNINSTALLER
    !insertmacro customInstall
  !endif
SectionEnd

!ifdef BUILD_UNINSTALLER
  Function un.onInit
    StrCpy $installMode "all"
    !insertmacro customUnInit
  FunctionEnd

  Section "un.Uninstall"
    !insertmacro customUnInstall
  SectionEnd
!endif

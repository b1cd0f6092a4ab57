@echo off
chcp 65001 >nul
setlocal
rem "startup-task.cmd on": the server starts with Windows, before anybody logs in, without the tray. "startup-task.cmd off": no more.

"%SystemRoot%\System32\net.exe" session >nul 2>&1
if errorlevel 1 (
  echo 관리자 권한의 명령 창에서 실행하세요.
  echo Run this in an administrator's command window.
  exit /b 1
)
if /i "%~1"=="on" goto on
if /i "%~1"=="off" goto off
echo startup-task.cmd on ^| off
exit /b 1

:on
for %%I in ("%~dp0.") do set "MARU_HERE=%%~fI"
set "MARU_TASK=%TEMP%\maru-task-%RANDOM%%RANDOM%.xml"
"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -Command "$ErrorActionPreference='Stop'; $text=[IO.File]::ReadAllText($env:MARU_HERE+'\resources\startup-task.xml'); $escape={param($value) [Security.SecurityElement]::Escape($value)}; $text=$text.Replace('@COMMAND@',(& $escape ($env:SystemRoot+'\System32\cmd.exe'))).Replace('@ARGUMENTS@',(& $escape ('/d /c '+[char]34+[char]34+$env:MARU_HERE+'\maru-cli.cmd'+[char]34+[char]34))).Replace('@HERE@',(& $escape $env:MARU_HERE)); [IO.File]::WriteAllText($env:MARU_TASK, $text, [Text.Encoding]::Unicode)" || goto failed
"%SystemRoot%\System32\schtasks.exe" /Create /F /TN "Maru" /XML "%MARU_TASK%" >nul || goto failed
del "%MARU_TASK%" >nul 2>&1
echo 다음에 컴퓨터를 켤 때부터 로그인하기 전에 시작합니다. 지금 시작하려면 트레이의 마루를 끝내고: schtasks /Run /TN Maru
echo From the next start of this computer on it starts before anybody logs in. To start it now, quit Maru in the tray, then: schtasks /Run /TN Maru
exit /b 0

:off
"%SystemRoot%\System32\schtasks.exe" /End /TN "Maru" >nul 2>&1
"%SystemRoot%\System32\schtasks.exe" /Delete /F /TN "Maru" >nul || goto failed
echo 더 이상 윈도우와 함께 시작하지 않습니다.
echo It no longer starts with Windows.
exit /b 0

:failed
if defined MARU_TASK del "%MARU_TASK%" >nul 2>&1
echo 바꾸지 못했습니다.
echo Nothing could be changed.
exit /b 1

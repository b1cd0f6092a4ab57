@echo off
chcp 65001 >nul
setlocal
rem Installs this version below Program Files and starts it with Windows, before anybody logs in; or brings an installed one to
rem this version. Earlier versions stay, so that one can go back: run startup-task\install.cmd of that version again. Data lie in
rem %ProgramData%\Maru and are not touched.

"%SystemRoot%\System32\net.exe" session >nul 2>&1
if errorlevel 1 (
  echo 관리자 권한이 필요합니다. 이 파일을 마우스 오른쪽 단추로 눌러 "관리자 권한으로 실행"을 고르세요.
  echo This needs an administrator: right-click this file and choose "Run as administrator".
  pause
  exit /b 1
)

for %%I in ("%~dp0..") do set "MARU_SOURCE=%%~fI"
set "MARU_HERE=%ProgramFiles%\Maru Server\@VERSION@"
set "MARU_DATA=%ProgramData%\Maru"

"%SystemRoot%\System32\schtasks.exe" /End /TN "Maru Server" >nul 2>&1

if /i not "%MARU_SOURCE%"=="%MARU_HERE%" (
  "%SystemRoot%\System32\robocopy.exe" "%MARU_SOURCE%" "%MARU_HERE%" /MIR /R:10 /W:1 /NFL /NDL /NJH /NJS >nul
  rem robocopy: 8 and above are failures
  if errorlevel 8 goto failed
)

rem Only administrators, Windows itself and the service may look into the data.
if not exist "%MARU_DATA%" mkdir "%MARU_DATA%" || goto failed
"%SystemRoot%\System32\icacls.exe" "%MARU_DATA%" /inheritance:r /grant "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" "*S-1-5-19:(OI)(CI)M" >nul || goto failed

rem Reachable from the office, whatever Windows thinks of a network without internet; from elsewhere only where it is trusted.
"%SystemRoot%\System32\netsh.exe" advfirewall firewall delete rule name="Maru Server" >nul 2>&1
"%SystemRoot%\System32\netsh.exe" advfirewall firewall add rule name="Maru Server" dir=in action=allow protocol=TCP profile=domain,private program="%MARU_HERE%\runtime\node.exe" >nul || goto failed
"%SystemRoot%\System32\netsh.exe" advfirewall firewall add rule name="Maru Server" dir=in action=allow protocol=TCP profile=public remoteip=LocalSubnet,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16 program="%MARU_HERE%\runtime\node.exe" >nul || goto failed

set "MARU_TASK=%TEMP%\maru-task-%RANDOM%%RANDOM%.xml"
"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -Command "$ErrorActionPreference='Stop'; $text=[IO.File]::ReadAllText($env:MARU_HERE+'\startup-task\task.xml'); $escape={param($value) [Security.SecurityElement]::Escape($value)}; $text=$text.Replace('@COMMAND@',(& $escape ($env:MARU_HERE+'\runtime\node.exe'))).Replace('@ARGUMENTS@',(& $escape ([char]34+$env:MARU_HERE+'\app\dist\server\cli.js'+[char]34+' --cli'))).Replace('@HERE@',(& $escape $env:MARU_HERE)); [IO.File]::WriteAllText($env:MARU_TASK, $text, [Text.Encoding]::Unicode)" || goto failed
"%SystemRoot%\System32\schtasks.exe" /Create /F /TN "Maru Server" /XML "%MARU_TASK%" >nul || goto failed
del "%MARU_TASK%" >nul 2>&1
"%SystemRoot%\System32\schtasks.exe" /Run /TN "Maru Server" >nul || goto failed

echo 마루를 설치하고 시작했습니다. 이 컴퓨터의 브라우저에서 http://localhost:5000 을 여세요.
echo Maru is installed and running. Open http://localhost:5000 in a browser on this computer.
pause
exit /b 0

:failed
echo 설치하지 못했습니다. 데이터는 그대로입니다.
echo Maru could not be installed. Its data are as they were.
if defined MARU_TASK del "%MARU_TASK%" >nul 2>&1
pause
exit /b 1

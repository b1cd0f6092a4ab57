@echo off
chcp 65001 >nul
setlocal
rem Removes the start-up task, the firewall rules and every installed version. Data in %ProgramData%\Maru stay.

"%SystemRoot%\System32\net.exe" session >nul 2>&1
if errorlevel 1 (
  echo 관리자 권한이 필요합니다. 이 파일을 마우스 오른쪽 단추로 눌러 "관리자 권한으로 실행"을 고르세요.
  echo This needs an administrator: right-click this file and choose "Run as administrator".
  pause
  exit /b 1
)

"%SystemRoot%\System32\schtasks.exe" /End /TN "Maru Server" >nul 2>&1
"%SystemRoot%\System32\schtasks.exe" /Delete /F /TN "Maru Server" >nul 2>&1
"%SystemRoot%\System32\netsh.exe" advfirewall firewall delete rule name="Maru Server" >nul 2>&1
echo 마루를 제거했습니다. 데이터는 %ProgramData%\Maru 에 그대로 있습니다.
echo Maru is removed. Its data are still in %ProgramData%\Maru.
pause
rem the last line: it may remove the very file that it stands in
cd /d "%SystemRoot%" & rmdir /s /q "%ProgramFiles%\Maru Server" & exit /b 0

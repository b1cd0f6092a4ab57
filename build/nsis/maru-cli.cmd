@echo off
rem Maru's server in this window, without tray: a program with windows has no console of its own, so this one runs its Node.
setlocal
set "ELECTRON_RUN_AS_NODE=1"
"%~dp0Maru.exe" "%~dp0resources\server\dist\server\cli.js" --cli %*
exit /b %ERRORLEVEL%

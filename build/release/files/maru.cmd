@echo off
rem Runs Maru with the Node.js that came with it, from wherever this folder lies. "maru --help" names the options.
setlocal
"%~dp0runtime\node.exe" "%~dp0app\dist\server\cli.js" %*
exit /b %ERRORLEVEL%

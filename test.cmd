@echo off
rem The twin of ./test: runs it with the bash that comes with Git, which whoever cloned the repository has.
setlocal
set "bash="
for %%g in (git.exe) do if not "%%~$PATH:g"=="" for %%d in ("%%~dp$PATH:g..") do if exist "%%~fd\bin\bash.exe" set "bash=%%~fd\bin\bash.exe"
if not defined bash if exist "%ProgramFiles%\Git\bin\bash.exe" set "bash=%ProgramFiles%\Git\bin\bash.exe"
if not defined bash (
  echo test: no bash.exe of Git for Windows was found. https://git-scm.com 1>&2
  echo 0 passed, 1 failed, 0 skipped
  exit /b 1
)
"%bash%" "%~dp0test" %*
exit /b %errorlevel%

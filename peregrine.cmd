@echo off
rem Runs the `peregrine` command-line tool from a source tree; builds it first when a source differs from the last build.
rem The twin of ./peregrine. Changes are found by comparing with a copy of the sources, since no command of cmd compares
rem the times of many files at once.
setlocal
set "root=%~dp0"
set "quick=%root%artifacts\quick"
if not exist "%quick%\current" goto build
call :changed && goto build
goto run

:build
where dotnet >nul 2>nul
if errorlevel 1 (
  echo peregrine: the .NET 10 SDK is needed to build it, and no 'dotnet' is on the PATH. https://dotnet.microsoft.com/download 1>&2
  exit /b 1
)
if not exist "%quick%" mkdir "%quick%"
echo peregrine: building from source, the first time takes about half a minute ... 1>&2
robocopy "%root%src" "%quick%\seen\src" /MIR >nul
robocopy "%root%eng" "%quick%\seen\eng" /MIR >nul
robocopy "%root%." "%quick%\seen\root" Directory.*.props global.json peregrine.cmd >nul
set "run=run.%RANDOM%%RANDOM%"
dotnet publish "%root%src\Peregrine.Cli" -c Release -p:PeregrineQuickBuild=true -o "%quick%\%run%" -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false <nul >"%quick%\build.log" 2>&1
if errorlevel 1 (
  del "%quick%\current" 2>nul
  type "%quick%\build.log" 1>&2
  echo peregrine: the build failed; its full output is above and in %quick%\build.log 1>&2
  exit /b 1
)
>"%quick%\current" echo %run%

:run
set /p run=<"%quick%\current"
"%quick%\%run%\peregrine.exe" %*
exit /b %errorlevel%

rem Errorlevel 0 when something differs. robocopy /L only lists; its exit code is 0 when both sides are the same.
:changed
robocopy "%root%src" "%quick%\seen\src" /MIR /L >nul
if errorlevel 1 exit /b 0
robocopy "%root%eng" "%quick%\seen\eng" /MIR /L >nul
if errorlevel 1 exit /b 0
robocopy "%root%." "%quick%\seen\root" Directory.*.props global.json peregrine.cmd /L >nul
if errorlevel 1 exit /b 0
exit /b 1

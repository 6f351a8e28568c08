@echo off
rem Runs Maven on a JDK 25 or newer. Takes Maven's own arguments. The full version, for everywhere else, is mvnw.
setlocal

set "PROJECT=%~dp0"
set "NAME="
for /f "usebackq tokens=1,* delims==" %%a in ("%PROJECT%.mvn\wrapper\maven-wrapper.properties") do (
  if "%%a"=="distributionUrl" set "URL=%%b"
  if "%%a"=="distributionSha512Sum" set "SHA512=%%b"
)
for %%f in ("%URL%") do set "ARCHIVE=%%~nxf"
set "NAME=%ARCHIVE:-bin.tar.gz=%"
set "VERSION=%NAME:apache-maven-=%"

call :fits "%JAVA_HOME%" && goto :jdk
call :fits "%JDK_HOME%" && goto :jdk
for /d %%d in (
  "%ProgramFiles%\Eclipse Adoptium\jdk-*" "%ProgramFiles%\Java\jdk-*" "%ProgramFiles%\Microsoft\jdk-*"
  "%ProgramFiles%\Amazon Corretto\jdk*" "%ProgramFiles%\Zulu\zulu-*" "%USERPROFILE%\.jdks\*"
) do call :fits "%%~d" && goto :jdk
echo mvnw: no JDK 25 or newer found. Install one, or point JAVA_HOME at one that is installed. 1>&2
exit /b 5

:jdk
set "JAVA_HOME=%JDK_FOUND%"
set "DISTS=%USERPROFILE%\.m2\wrapper\dists"
if defined MAVEN_USER_HOME set "DISTS=%MAVEN_USER_HOME%\wrapper\dists"
set "COPY=%DISTS%\%NAME%\%SHA512:~0,16%"

if defined MAVEN_HOME if exist "%MAVEN_HOME%\bin\mvn.cmd" (
  set "MVN=%MAVEN_HOME%\bin\mvn.cmd"
  goto :run
)
set "MVN=%COPY%\bin\mvn.cmd"
if exist "%MVN%" goto :run
if defined MVNW_REPOURL (
  set "URL=%MVNW_REPOURL%/org/apache/maven/apache-maven/%VERSION%/%ARCHIVE%"
  goto :fetch
)
for %%m in (mvn.cmd) do if not "%%~$PATH:m"=="" (
  set "MVN=%%~$PATH:m"
  goto :run
)

:fetch
set "TEMPDIR=%DISTS%\%NAME%\.fetch.%RANDOM%%RANDOM%"
mkdir "%TEMPDIR%" || exit /b 5
echo mvnw: fetching %URL% 1>&2
"%JAVA_HOME%\bin\java" "%PROJECT%.mvn\wrapper\Fetch.java" "%URL%" "%TEMPDIR%\%ARCHIVE%" "%SHA512%" || goto :failed
tar -xzf "%TEMPDIR%\%ARCHIVE%" -C "%TEMPDIR%" || goto :failed
if not exist "%COPY%" move "%TEMPDIR%\%NAME%" "%COPY%" >nul
rmdir /s /q "%TEMPDIR%"
if not exist "%MVN%" exit /b 5

:run
"%MVN%" %*
exit /b %ERRORLEVEL%

:failed
rmdir /s /q "%TEMPDIR%"
exit /b 5

rem Is there a JDK 25 or newer in the folder %1? Then it is JDK_FOUND.
:fits
set "RELEASE="
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" exit /b 1
for /f "usebackq tokens=2 delims==." %%v in (`findstr /b JAVA_VERSION= "%~1\release"`) do set "RELEASE=%%~v"
set "RELEASE=%RELEASE:"=%"
if "%RELEASE%"=="" exit /b 1
if %RELEASE% LSS 25 exit /b 1
set "JDK_FOUND=%~1"
exit /b 0

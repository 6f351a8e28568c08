# Finds a JDK of Java 25 or newer. Sourced by mvnw and the launcher; POSIX sh, no program is started unless needed.
#
#   find_jdk        sets jdk_home and succeeds, or fails
#   no_jdk_found    says on stderr what to do about it

jdk_release_min=25

# Sets jdk_release to the feature release of the JDK in $1; fails if there is no JDK.
read_jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r jdk_key jdk_value; do
    if [ "$jdk_key" = JAVA_VERSION ]; then
      jdk_release=${jdk_value#\"}
      jdk_release=${jdk_release%%[!0-9]*}
      [ -n "$jdk_release" ]
      return
    fi
  done <"$1/release"
  return 1
}

# Takes the first of the given folders that will do. Someone named these on purpose: newer than needed is fine.
take_first_jdk() {
  for jdk_candidate in "$@"; do
    if [ -n "$jdk_candidate" ] && read_jdk_release "$jdk_candidate" \
        && [ "$jdk_release" -ge "$jdk_release_min" ]; then
      jdk_home=$jdk_candidate
      return 0
    fi
  done
  return 1
}

# Takes the folder with the lowest release that will do: the nearest to what the build is checked with.
take_nearest_jdk() {
  jdk_nearest=
  for jdk_candidate in "$@"; do
    if read_jdk_release "$jdk_candidate" && [ "$jdk_release" -ge "$jdk_release_min" ]; then
      if [ -z "$jdk_nearest" ] || [ "$jdk_release" -lt "$jdk_nearest" ]; then
        jdk_nearest=$jdk_release
        jdk_home=$jdk_candidate
      fi
    fi
  done
  [ -n "$jdk_nearest" ]
}

jdk_on_path() {
  jdk_java=$(command -v java) && jdk_java=$(readlink -f "$jdk_java" 2>/dev/null) || return 1
  take_first_jdk "${jdk_java%/bin/java}"
}

jdk_in_toolchains() {
  [ -r "$HOME/.m2/toolchains.xml" ] || return 1
  jdk_listed=$(sed -n 's:.*<jdkHome>[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*</jdkHome>.*:\1:p' \
    "$HOME/.m2/toolchains.xml")
  jdk_ifs=$IFS
  IFS='
'
  # shellcheck disable=SC2086 # split at line ends on purpose
  take_nearest_jdk $jdk_listed
  jdk_status=$?
  IFS=$jdk_ifs
  return $jdk_status
}

jdk_of_macos() {
  [ -x /usr/libexec/java_home ] \
    && take_first_jdk "$(/usr/libexec/java_home -v "$jdk_release_min+" 2>/dev/null)"
}

find_jdk() {
  jdk_home=
  : "${HOME:=/}"
  take_first_jdk "${JAVA_HOME:-}" "${JDK_HOME:-}" && return
  jdk_on_path && return
  take_first_jdk "${JAVA25_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" && return
  jdk_in_toolchains && return
  take_nearest_jdk /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk* /opt/java/* /usr/local/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home && return
  jdk_of_macos
}

no_jdk_found() {
  echo "agent-runner: no JDK $jdk_release_min or newer found." >&2
  echo "  Install one (such as Temurin $jdk_release_min), or point JAVA_HOME at one that is installed." >&2
  echo "  Looked at JAVA_HOME, JDK_HOME, java on PATH, ~/.m2/toolchains.xml and the usual folders, such as /usr/lib/jvm." >&2
}

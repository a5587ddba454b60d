# Finds a JDK 25, whatever JAVA_HOME says: one with a compiler and jlink, since the device gets a runtime made from it.

jdk=''

is_jdk_25() {
  [[ -x $1/bin/javac && -x $1/bin/jlink && -r $1/release ]] && grep -q '^JAVA_VERSION="25[".+]' "$1/release"
}

find_jdk() {
  local candidate on_path=''
  if on_path=$(command -v javac); then
    on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/javac}
  fi
  for candidate in "${JAVA_HOME-}" "${JDK_HOME-}" "$on_path" /usr/lib/jvm/* /opt/* /opt/java/* /opt/jdk/* /usr/java/* \
    /usr/local/* /usr/local/lib/jvm/* "${HOME-/root}"/.sdkman/candidates/java/* "${HOME-/root}"/.jdks/* \
    "${HOME-/root}"/.local/share/mise/installs/java/* "${HOME-/root}"/.asdf/installs/java/*; do
    if [[ -n $candidate && -d $candidate ]] && is_jdk_25 "$candidate"; then
      jdk=$(readlink -f "$candidate")
      export JAVA_HOME="$jdk"
      return
    fi
  done
  fail "There is no JDK 25 on this machine (looked at JAVA_HOME, the PATH, /usr/lib/jvm, /opt, /usr/java, /usr/local and SDKMAN)." \
    "Install one and run this again: for example Temurin 25 from https://adoptium.net (its Debian package is" \
    "temurin-25-jdk), or unpack any JDK 25 below /opt. It must be a whole JDK, with javac and jlink."
}

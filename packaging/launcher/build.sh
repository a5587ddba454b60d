# Builds the programs into target/dist when the sources differ from those of the last build.

# Options that only newer JDKs know; those that Maven always needs stand in .mvn/jvm.config.
export MAVEN_OPTS="${MAVEN_OPTS-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"

# What the programs are made of. Tests are not part of it.
source_paths() {
  local path
  for path in "$home"/pom.xml "$home"/.mvn "$home"/packaging/programs "$home"/*/pom.xml "$home"/*/src/main; do
    [[ ! -e $path ]] || printf '%s\0' "$path"
  done
}

# One hash over names and content of all sources and the JDK that compiles them.
source_hash() {
  {
    sha256sum "$jdk/release"
    source_paths | xargs -0 -I{} find {} -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d' ' -f1
}

# Whether what is built is what the sources say. The dates are looked at first: that costs a hundredth of the hash.
is_built() {
  local stamp="$home/target/dist/sources.sha256"
  [[ -f $stamp && -x $dist/cli/bin/skerry-cli ]] || return 1
  [[ -n $(source_paths | xargs -0 -I{} find {} -newer "$stamp" -print -quit) ]] || return 0
  [[ $(<"$stamp") == "$(source_hash)" ]] && touch "$stamp"
}

build_when_needed() {
  ! is_built || return 0
  mkdir -p "$state"
  exec 9>"$state/build.lock"
  if ! flock -n 9; then
    say "Another build is running in this checkout; waiting for it."
    flock 9
  fi
  if ! is_built; then
    build
  fi
  exec 9>&-
}

# build_module MODULE TEXT: with all that it needs, without tests.
build_module() {
  local module=$1 text=$2 log="$state/build.log"
  (cd "$home" && exec mvn -B -ntp -pl "$module" -am package -Dmaven.test.skip=true -Dspotless.check.skip=true \
    </dev/null >"$log" 2>&1 9>&-) &
  if ! follow $! "$text"; then
    grep -E '^\[ERROR\]' "$log" | head -n 25 >&2 || tail -n 25 "$log" >&2
    fail "The build failed." "All that it said stands in $log."
  fi
}

build() {
  local hash
  hash=$(source_hash)
  build_module lab "Building"
  printf '%s\n' "$hash" >"$home/target/dist/sources.sha256"
}

# The benchmarks aren't part of what people run, so they are built only when they are asked for.
build_benchmarks() {
  local built="$home/bench/target/built"
  if [[ ! -f $built || $home/target/dist/sources.sha256 -nt $built ]]; then
    build_module bench "Building the benchmarks"
    touch "$built"
  fi
}

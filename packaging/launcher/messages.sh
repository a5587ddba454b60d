# What the launcher tells people. All of it goes to stderr: stdout belongs to the program that is started.

if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
  readonly bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m' clear_line=$'\r\e[K'
else
  readonly bold='' red='' plain='' clear_line=''
fi

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [REMEDY]
fail() {
  printf '%sskerry:%s %s\n' "$red$bold" "$plain" "$1" >&2
  [[ $# -lt 2 ]] || printf '%s\n' "${@:2}" >&2
  exit 1
}

# follow PID TEXT: tells that something runs until it ended; on a terminal with the seconds that it took so far. Its exit
# code is that of the process.
follow() {
  local pid=$1 text=$2 began=$SECONDS
  if [[ -n $clear_line ]]; then
    while kill -0 "$pid" 2>/dev/null; do
      printf '%s%s … %d s' "$clear_line" "$text" $((SECONDS - began)) >&2
      sleep 0.5
    done
    printf '%s' "$clear_line" >&2
  else
    say "$text …"
  fi
  local code=0
  wait "$pid" || code=$?
  [[ $code -ne 0 ]] || say "$text: done in $((SECONDS - began)) s"
  return "$code"
}

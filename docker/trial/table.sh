# The table of what was tried. A check runs a command and keeps going when it fails; the script's exit code tells.
rows=()
failed=0

row() { # what, outcome, number
  rows+=("$(printf '%-58s %-8s %s' "$1" "$2" "${3:-}")")
  printf '  %s\n' "${rows[-1]}" >&2
  [ "$2" = ok ] || failed=1
}

check() { # what, command...
  local what=$1 began=$SECONDS
  shift
  if "$@"; then row "$what" ok "$((SECONDS - began)) s"; else row "$what" FAILED "$((SECONDS - began)) s"; fi
}

at_most_more() { # what, percent, before, after
  local more
  more=$(awk -v b="$3" -v a="$4" 'BEGIN { printf "%+.1f", 100 * (a - b) / b }')
  if awk -v m="$more" -v p="$2" 'BEGIN { exit !(m <= p) }'
  then row "$1" ok "$3 -> $4 ($more %)"; else row "$1" FAILED "$3 -> $4 ($more %, at most $2)"; fi
}

within_five_percent() { # what, "name=value ..." of before, of after
  local pair name
  for pair in $3; do
    name=${pair%%=*}
    at_most_more "$1: $name" 5 "$(value_of "$name" "$2")" "${pair#*=}"
  done
}

value_of() { # name, "name=value ..."
  local pair
  for pair in $2; do if [ "${pair%%=*}" = "$1" ]; then echo "${pair#*=}"; fi; done
}

print_table() {
  printf '\n%s\n' "ByteLM on $(basename "$stock"), $(date -u +%F)"
  printf '  %s\n' "${rows[@]}"
  echo "Logs: $work"
  exit "$failed"
}

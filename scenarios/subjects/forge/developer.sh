#!/bin/sh
# git as somebody has it who proposes changes: no settings of a user's, nobody who is asked, and no way out but to the forge
# at FORGE (http://host:port, or git://), whose repositories are forge:NAME.git.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
export HOME=/nonexistent LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0
export GIT_ASKPASS=true GIT_ALLOW_PROTOCOL=git GIT_ADVICE=0
export GIT_AUTHOR_NAME=Dev GIT_AUTHOR_EMAIL=dev@example.org GIT_AUTHOR_DATE='1767225600 +0000'
export GIT_COMMITTER_NAME=Dev GIT_COMMITTER_EMAIL=dev@example.org GIT_COMMITTER_DATE='1767225600 +0000'
exec git -c "url.git://${FORGE#*://}/.insteadOf=forge:" "$@"

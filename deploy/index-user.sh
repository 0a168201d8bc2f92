#!/bin/sh
# Makes Elasticsearch's user `yujing`, who may do anything with our indices and nothing else. Run inside its container:
#   docker compose exec -T elasticsearch sh -s < index-user.sh
set -eu
server=${SERVER:-http://127.0.0.1:9200} admin=${ADMIN:-elastic} secrets=${SECRETS:-/run/secrets}

put() { # path, body: the password goes by standard input, not by the command line
  printf 'user = "%s:%s"\n' "$admin" "$(cat "$secrets/elastic_password")" |
    curl --silent --show-error --fail --config - --header 'Content-Type: application/json' \
      --request PUT "$server/_security/$1" --data-binary "$2"
  echo
}

put role/yujing '{"cluster": ["monitor"], "indices": [{"names": ["yujing", "yujing-*"], "privileges": ["all"]}]}'
put user/yujing "{\"roles\": [\"yujing\"], \"password\": \"$(cat "$secrets/index_password")\"}"

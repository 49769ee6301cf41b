#!/bin/sh
# Runs once, when the container of Postgres makes its cluster, after roles.sql: the logins get their passwords.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --dbname dfworx \
    -v app="$DFWORX_APP_PASSWORD" -v migrator="$DFWORX_MIGRATOR_PASSWORD" -v dispatcher="$DFWORX_DISPATCHER_PASSWORD" <<'SQL'
alter role dfworx_app password :'app';
alter role dfworx_migrator password :'migrator';
alter role dfworx_dispatcher password :'dispatcher';
SQL

#!/bin/bash
# Runs once, when the data directory of the replica is created. Replication starts with the next start of the server, which
# follows at once. The replica refuses writes of all users from then on; after a promotion: SET PERSIST super_read_only = OFF.
set -euo pipefail
mysql --user=root --password="$MYSQL_ROOT_PASSWORD" <<SQL
RESET BINARY LOGS AND GTIDS;
CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${MYSQL_PRIMARY:-mysql-1}', SOURCE_PORT = ${MYSQL_PRIMARY_PORT:-3306},
  SOURCE_USER = 'replication', SOURCE_PASSWORD = '$REPLICATION_PASSWORD', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1;
SET PERSIST super_read_only = ON;
SQL

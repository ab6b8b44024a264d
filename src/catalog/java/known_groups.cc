// See known_groups.h.
#include "catalog/java/known_groups.h"

#include <algorithm>
#include <iterator>

namespace scantling::catalog::java {
namespace {

struct Row {
  std::string_view artifact;  // ending in '*': that prefix
  std::string_view group;
};

// The first row that fits counts: whole names and longer prefixes first.
constexpr Row kRows[] = {
    {"spring-aop", "org.springframework"},
    {"spring-aspects", "org.springframework"},
    {"spring-beans", "org.springframework"},
    {"spring-context*", "org.springframework"},
    {"spring-core*", "org.springframework"},
    {"spring-expression", "org.springframework"},
    {"spring-instrument", "org.springframework"},
    {"spring-jcl", "org.springframework"},
    {"spring-jdbc", "org.springframework"},
    {"spring-jms", "org.springframework"},
    {"spring-messaging", "org.springframework"},
    {"spring-orm", "org.springframework"},
    {"spring-oxm", "org.springframework"},
    {"spring-r2dbc", "org.springframework"},
    {"spring-test", "org.springframework"},
    {"spring-tx", "org.springframework"},
    {"spring-web", "org.springframework"},
    {"spring-webflux", "org.springframework"},
    {"spring-webmvc*", "org.springframework"},
    {"spring-websocket", "org.springframework"},
    {"spring-boot*", "org.springframework.boot"},
    {"spring-security-oauth2-authorization-server", "org.springframework.security"},
    {"spring-security-*", "org.springframework.security"},
    {"spring-integration-*", "org.springframework.integration"},
    {"spring-batch-*", "org.springframework.batch"},
    {"spring-session-*", "org.springframework.session"},
    {"spring-kafka*", "org.springframework.kafka"},
    {"spring-amqp", "org.springframework.amqp"},
    {"spring-rabbit*", "org.springframework.amqp"},
    {"spring-retry", "org.springframework.retry"},
    {"tomcat-embed-*", "org.apache.tomcat.embed"},
    {"tomcat-*", "org.apache.tomcat"},
    {"catalina*", "org.apache.tomcat"},
    {"micrometer-*", "io.micrometer"},
    {"reactor-core", "io.projectreactor"},
    {"reactor-netty*", "io.projectreactor.netty"},
    {"rxjava", "io.reactivex.rxjava3"},
    {"kotlin-stdlib*", "org.jetbrains.kotlin"},
    {"kotlin-reflect", "org.jetbrains.kotlin"},
    {"kotlinx-coroutines-*", "org.jetbrains.kotlinx"},
    {"okhttp*", "com.squareup.okhttp3"},
    {"okio*", "com.squareup.okio"},
    {"retrofit", "com.squareup.retrofit2"},
    {"kafka-*", "org.apache.kafka"},
    {"kafka_2.*", "org.apache.kafka"},
    {"lucene-*", "org.apache.lucene"},
    {"solr-*", "org.apache.solr"},
    {"elasticsearch*", "org.elasticsearch"},
    {"hibernate-validator*", "org.hibernate.validator"},
    {"postgresql", "org.postgresql"},
    {"mysql-connector-java", "mysql"},
    {"mysql-connector-j", "com.mysql"},
    {"mssql-jdbc", "com.microsoft.sqlserver"},
    {"mariadb-java-client", "org.mariadb.jdbc"},
    {"h2", "com.h2database"},
    {"hsqldb", "org.hsqldb"},
    {"bcprov-*", "org.bouncycastle"},
    {"bcpkix-*", "org.bouncycastle"},
    {"bcpg-*", "org.bouncycastle"},
    {"bcutil-*", "org.bouncycastle"},
    {"bctls-*", "org.bouncycastle"},
    {"bcmail-*", "org.bouncycastle"},
    {"guava", "com.google.guava"},
    {"guice", "com.google.inject"},
    {"guice-*", "com.google.inject.extensions"},
    {"jsr305", "com.google.code.findbugs"},
    {"aopalliance", "aopalliance"},
    {"log4j-1.2-api", "org.apache.logging.log4j"},
    {"log4j-api", "org.apache.logging.log4j"},
    {"log4j-core", "org.apache.logging.log4j"},
    {"log4j", "log4j"},
    {"commons-collections", "commons-collections"},
    {"commons-collections4", "org.apache.commons"},
    {"commons-fileupload", "commons-fileupload"},
    {"commons-beanutils", "commons-beanutils"},
    {"commons-io", "commons-io"},
    {"commons-codec", "commons-codec"},
    {"commons-logging", "commons-logging"},
    {"commons-lang", "commons-lang"},
    {"commons-lang3", "org.apache.commons"},
    {"commons-text", "org.apache.commons"},
    {"commons-compress", "org.apache.commons"},
    {"commons-configuration2", "org.apache.commons"},
    {"poi*", "org.apache.poi"},
    {"xmlbeans", "org.apache.xmlbeans"},
    {"ant", "org.apache.ant"},
    {"ant-*", "org.apache.ant"},
    {"velocity", "org.apache.velocity"},
    {"xercesImpl", "xerces"},
    {"xalan", "xalan"},
    {"dom4j", "dom4j"},
    {"jdom2", "org.jdom"},
    {"c3p0", "com.mchange"},
    {"jsch", "com.jcraft"},
    {"json", "org.json"},
    {"gradle-wrapper", "org.gradle"},
    {"junit-jupiter*", "org.junit.jupiter"},
    {"mockito-*", "org.mockito"},
    {"jenkins-core", "org.jenkins-ci.main"},
};

// Projects that moved to another group with a major version.
struct Moved {
  std::string_view artifact;
  std::string_view before;
  int major;
  std::string_view after;
};
constexpr Moved kMoved[] = {
    {"groovy*", "org.codehaus.groovy", 4, "org.apache.groovy"},
    {"hibernate-core", "org.hibernate", 6, "org.hibernate.orm"},
    {"hibernate-envers", "org.hibernate", 6, "org.hibernate.orm"},
    {"dom4j", "dom4j", 2, "org.dom4j"},
    {"rxjava", "io.reactivex", 2, "io.reactivex.rxjava2"},
};

bool Fits(std::string_view pattern, std::string_view artifact) {
  if (pattern.ends_with('*')) {
    pattern.remove_suffix(1);
    return artifact.starts_with(pattern);
  }
  return artifact == pattern;
}

int Major(std::string_view version) {
  int out = 0;
  for (const char c : version.substr(0, 4)) {
    if (c < '0' || c > '9') {
      break;
    }
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace

std::string_view KnownGroup(std::string_view artifact, std::string_view version) {
  if (artifact == "rxjava" && Major(version) >= 3) {
    return "io.reactivex.rxjava3";
  }
  for (const Moved& moved : kMoved) {
    if (Fits(moved.artifact, artifact)) {
      return Major(version) >= moved.major ? moved.after : moved.before;
    }
  }
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& r) { return Fits(r.artifact, artifact); });
  return row == std::end(kRows) ? std::string_view() : row->group;
}

}  // namespace scantling::catalog::java

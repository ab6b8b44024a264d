// See tables.h. The tables are facts: names and versions as the languages' registries have them.
#include "program/demo/tables.h"

namespace scantling::program::demo {
namespace {

// clang-format off
constexpr std::string_view kNpm = R"(
express 4.17.1 4.18.2 4.19.2
body-parser 1.19.0 1.20.1 1.20.2
qs 6.7.0 6.11.0
lodash 4.17.15 4.17.20 4.17.21
axios 0.21.1 0.27.2 1.6.8
follow-redirects 1.14.0 1.15.2 1.15.6
minimist 1.2.5 1.2.6 1.2.8
minimatch 3.0.4 3.1.2
semver 7.3.5 7.5.4
ws 7.4.2 8.13.0 8.17.1
tough-cookie 4.0.0 4.1.3
json5 2.2.0 2.2.3
jsonwebtoken 8.5.1 9.0.2
node-fetch 2.6.1 2.6.12
cross-spawn 7.0.3 7.0.6
braces 3.0.2 3.0.3
ansi-regex 5.0.0 5.0.1
glob-parent 5.1.1 5.1.2
path-parse 1.0.6 1.0.7
tar 6.1.0 6.1.15 6.2.1
ini 1.3.5 1.3.8
loader-utils 2.0.0 2.0.4
serialize-javascript 2.1.2 6.0.1
accepts 1.3.7 1.3.8
array-flatten 1.1.1
async 3.2.3 3.2.5
bluebird 3.7.2
bytes 3.1.0 3.1.2
call-bind 1.0.2 1.0.7
chalk 4.1.2
color-convert 2.0.1
commander 9.4.1 11.1.0
content-type 1.0.4 1.0.5
cookie 0.4.0 0.5.0 0.6.0
cookie-signature 1.0.6
cors 2.8.5
dayjs 1.10.7 1.11.10
debug 2.6.9 4.3.4
depd 2.0.0
destroy 1.2.0
dotenv 10.0.0 16.3.1
ee-first 1.1.1
encodeurl 1.0.2
escape-html 1.0.3
etag 1.8.1
fast-deep-equal 3.1.3
finalhandler 1.1.2 1.2.0
form-data 4.0.0
forwarded 0.2.0
fresh 0.5.2
function-bind 1.1.1 1.1.2
get-intrinsic 1.1.1 1.2.4
graceful-fs 4.2.10 4.2.11
has-symbols 1.0.3
helmet 5.1.1 7.1.0
http-errors 1.8.1 2.0.0
iconv-lite 0.4.24
inherits 2.0.4
ioredis 4.28.5 5.3.2
ipaddr.js 1.9.1
is-number 7.0.0
jwa 1.4.1
jws 3.2.2
kafkajs 1.16.0 2.2.4
knex 1.0.7 3.1.0
media-typer 0.3.0
merge-descriptors 1.0.1
methods 1.1.2
mime-db 1.52.0
mime-types 2.1.35
moment 2.29.1 2.29.4
ms 2.0.0 2.1.3
negotiator 0.6.3
object-assign 4.1.1
on-finished 2.4.1
parseurl 1.3.3
path-to-regexp 0.1.7 0.1.10
pg 8.7.3 8.11.3
pg-pool 3.5.1 3.6.1
picomatch 2.3.1
pino 7.11.0 8.19.0
prom-client 14.0.1 15.1.0
proxy-addr 2.0.7
range-parser 1.2.1
raw-body 2.4.0 2.5.2
redis 3.1.2 4.6.13
reflect-metadata 0.1.13
rxjs 7.5.5 7.8.1
safe-buffer 5.2.1
safer-buffer 2.1.2
send 0.17.1 0.18.0
serve-static 1.14.1 1.15.0
setprototypeof 1.2.0
side-channel 1.0.4 1.0.6
statuses 2.0.1
supports-color 7.2.0
toidentifier 1.0.1
tslib 2.4.0 2.6.2
type-is 1.6.18
typeorm 0.2.45 0.3.20
undici 5.8.0 5.28.4
unpipe 1.0.0
utils-merge 1.0.1
uuid 8.3.2 9.0.1
vary 1.1.2
winston 3.7.2 3.11.0
yallist 4.0.0
zod 3.19.1 3.22.4
)";

constexpr std::string_view kPypi = R"(
django 3.2.10 3.2.18 4.2.11 4.2.16
flask 2.1.3 2.2.5 3.0.3
jinja2 3.0.3 3.1.2 3.1.4
werkzeug 2.1.2 2.3.7 3.0.4
requests 2.27.1 2.31.0 2.32.3
urllib3 1.26.4 1.26.15 1.26.20
certifi 2021.10.8 2022.12.7 2024.2.2
cryptography 36.0.1 39.0.2 42.0.8
pyyaml 5.3.1 6.0.1
pillow 8.4.0 9.5.0 10.3.0
lxml 4.6.3 4.9.2 5.2.1
aiohttp 3.8.1 3.8.5 3.9.5
paramiko 2.10.3 2.12.0 3.4.0
pyjwt 2.3.0 2.8.0
setuptools 58.1.0 65.5.1 70.3.0
pip 20.3.4 22.3.1 23.3.2
wheel 0.37.1 0.42.0
amqp 5.0.9 5.2.0
asgiref 3.4.1 3.7.2
async-timeout 4.0.2 4.0.3
attrs 21.4.0 23.2.0
billiard 3.6.4.0 4.2.0
boto3 1.20.26 1.34.69
botocore 1.23.26 1.34.69
celery 5.2.3 5.3.6
cffi 1.15.0 1.16.0
charset-normalizer 2.0.12 3.3.2
click 8.0.4 8.1.7
fastapi 0.73.0 0.110.0
frozenlist 1.3.0 1.4.1
gunicorn 20.1.0 21.2.0
h11 0.13.0 0.14.0
idna 3.3 3.6
itsdangerous 2.1.2
kombu 5.2.4 5.3.5
markupsafe 2.1.1 2.1.5
multidict 6.0.2 6.0.5
numpy 1.22.3 1.26.4
pandas 1.4.2 2.2.1
prometheus-client 0.13.1 0.20.0
psycopg2 2.9.3 2.9.9
pycparser 2.21
pydantic 1.9.0 2.6.4
python-dateutil 2.8.2 2.9.0
pytz 2021.3 2024.1
redis 4.1.4 5.0.3
s3transfer 0.5.2 0.10.1
scikit-learn 1.0.2 1.4.1
scipy 1.8.0 1.12.0
six 1.16.0
sqlalchemy 1.4.31 2.0.28
sqlparse 0.4.2 0.4.4
starlette 0.17.1 0.36.3
typing-extensions 4.1.1 4.10.0
uvicorn 0.17.6 0.29.0
vine 5.0.0 5.1.0
yarl 1.7.2 1.9.4
)";

constexpr std::string_view kMaven = R"(
org.apache.logging.log4j:log4j-core 2.14.1 2.17.1 2.20.0
org.apache.logging.log4j:log4j-api 2.14.1 2.17.1 2.20.0
org.springframework:spring-core 5.3.9 5.3.27 6.1.5
org.springframework:spring-beans 5.3.9 5.3.27 6.1.5
org.springframework:spring-expression 5.3.9 5.3.27 6.1.5
org.springframework:spring-web 5.3.9 5.3.27 6.1.5
org.springframework:spring-webmvc 5.3.9 5.3.27 6.1.5
org.springframework:spring-context 5.3.9 5.3.27 6.1.5
org.springframework.boot:spring-boot 2.5.4 2.7.11 3.2.4
org.springframework.boot:spring-boot-autoconfigure 2.5.4 2.7.11 3.2.4
com.fasterxml.jackson.core:jackson-databind 2.12.4 2.13.5 2.15.4
com.fasterxml.jackson.core:jackson-core 2.12.4 2.13.5 2.15.4
com.fasterxml.jackson.core:jackson-annotations 2.12.4 2.13.5 2.15.4
org.yaml:snakeyaml 1.28 1.33 2.2
org.apache.tomcat.embed:tomcat-embed-core 9.0.52 9.0.74 10.1.19
org.apache.tomcat.embed:tomcat-embed-websocket 9.0.52 9.0.74 10.1.19
com.google.guava:guava 30.1-jre 31.1-jre 33.1.0-jre
io.netty:netty-handler 4.1.66.Final 4.1.92.Final 4.1.107.Final
io.netty:netty-codec 4.1.66.Final 4.1.92.Final 4.1.107.Final
io.netty:netty-common 4.1.66.Final 4.1.92.Final 4.1.107.Final
commons-fileupload:commons-fileupload 1.4 1.5
commons-collections:commons-collections 3.2.1 3.2.2
org.apache.commons:commons-text 1.9 1.10.0
org.apache.commons:commons-lang3 3.12.0 3.14.0
commons-io:commons-io 2.11.0 2.15.1
ch.qos.logback:logback-classic 1.2.5 1.2.12 1.4.14
ch.qos.logback:logback-core 1.2.5 1.2.12 1.4.14
org.slf4j:slf4j-api 1.7.32 1.7.36 2.0.12
org.hibernate:hibernate-core 5.4.32.Final 5.6.15.Final
org.postgresql:postgresql 42.2.23 42.6.0 42.7.3
com.zaxxer:HikariCP 4.0.3 5.1.0
io.micrometer:micrometer-core 1.7.3 1.12.4
org.apache.kafka:kafka-clients 2.7.1 3.4.0 3.6.1
org.apache.httpcomponents:httpclient 4.5.13 4.5.14
org.apache.httpcomponents:httpcore 4.4.14 4.4.16
com.google.code.gson:gson 2.8.7 2.10.1
io.jsonwebtoken:jjwt 0.9.1
javax.annotation:javax.annotation-api 1.3.2
joda-time:joda-time 2.10.10 2.12.7
net.bytebuddy:byte-buddy 1.10.22 1.14.12
org.aspectj:aspectjweaver 1.9.7 1.9.21
org.jboss.logging:jboss-logging 3.4.2.Final 3.5.3.Final
redis.clients:jedis 3.6.3 5.1.2
org.projectlombok:lombok 1.18.20 1.18.30
)";

constexpr std::string_view kGo = R"(
stdlib go1.19.4 go1.20.5 go1.21.6 go1.22.5
golang.org/x/net v0.5.0 v0.10.0 v0.17.0 v0.26.0
golang.org/x/crypto v0.1.0 v0.14.0 v0.17.0 v0.24.0
golang.org/x/text v0.3.7 v0.9.0 v0.14.0
golang.org/x/sys v0.4.0 v0.13.0 v0.21.0
golang.org/x/sync v0.1.0 v0.7.0
github.com/prometheus/client_golang v1.11.0 v1.14.0 v1.19.0
github.com/prometheus/common v0.32.1 v0.48.0
github.com/prometheus/procfs v0.7.3 v0.12.0
github.com/gogo/protobuf v1.3.1 v1.3.2
github.com/dgrijalva/jwt-go v3.2.0+incompatible
github.com/golang/protobuf v1.5.2 v1.5.4
google.golang.org/protobuf v1.28.0 v1.33.0
google.golang.org/grpc v1.45.0 v1.62.1
gopkg.in/yaml.v3 v3.0.0-20210107192922-496545a6307b v3.0.1
github.com/spf13/cobra v1.4.0 v1.8.0
github.com/spf13/pflag v1.0.5
github.com/spf13/viper v1.10.1 v1.18.2
github.com/sirupsen/logrus v1.8.1 v1.9.3
github.com/gorilla/mux v1.8.0 v1.8.1
github.com/gorilla/websocket v1.4.2 v1.5.1
github.com/google/uuid v1.3.0 v1.6.0
github.com/jackc/pgx/v5 v5.2.0 v5.5.5
github.com/redis/go-redis/v9 v9.0.2 v9.5.1
github.com/beorn7/perks v1.0.1
github.com/cespare/xxhash/v2 v2.1.2 v2.2.0
github.com/pkg/errors v0.9.1
github.com/hashicorp/golang-lru v0.5.4 v1.0.2
github.com/segmentio/kafka-go v0.4.30 v0.4.47
github.com/fsnotify/fsnotify v1.5.1 v1.7.0
github.com/go-logr/logr v1.2.0 v1.4.1
go.uber.org/zap v1.21.0 v1.27.0
go.uber.org/multierr v1.7.0 v1.11.0
)";
// clang-format on

}  // namespace

std::string_view ApplicationTable(version::Ecosystem ecosystem) {
  switch (ecosystem) {
    case version::Ecosystem::kNpm:
      return kNpm;
    case version::Ecosystem::kPypi:
      return kPypi;
    case version::Ecosystem::kMaven:
      return kMaven;
    default:
      return kGo;
  }
}

}  // namespace scantling::program::demo

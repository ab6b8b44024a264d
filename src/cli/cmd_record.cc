// scantling record build, record deploy: CI tells the server which commit made which image, and
// where it was sent.
#include "base/file.h"
#include "base/strings.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/post.h"
#include "cli/terminal.h"
#include "codec/json.h"
#include "codec/json_writer.h"

namespace scantling::cli {
namespace {

int Record(const Invocation& invocation, std::string_view path) {
  const Settings& settings = invocation.settings;
  if (settings.server.empty()) {
    return Fail(kUsageError, "which server? --server URL or SCANTLING_SERVER");
  }
  std::string body;
  codec::JsonWriter json(&body, codec::JsonWriter::Layout::kCompact);
  json.BeginObject();
  json.Text("digest", invocation.arguments[0]);
  json.Texts("names", settings.image_name);
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      json.Text(key, value);
    }
  };
  text("source", settings.source_url);
  text("commit", settings.commit);
  text("committed", settings.commit_time);
  text("base_digest", settings.base_digest);
  text("environment", settings.environment);
  text("workload", settings.workload);
  text("url", settings.link);
  if (!settings.codeowners.empty()) {
    const auto owners = base::ReadFile(settings.codeowners, 4 << 20);
    if (!owners) {
      return Fail(owners.error());
    }
    json.Text("codeowners", base::ToUtf8(*owners));
    text("codeowners_file", settings.codeowners);
    text("dockerfile", settings.dockerfile);
  }
  json.EndObject();
  auto answer = PostToServer(settings, settings.server, path, std::move(body));
  if (!answer) {
    return Fail(answer.error());
  }
  codec::Json parser;
  const auto root = parser.Parse(*answer);
  if (root) {
    (*root)["problems"].ForEach([&](codec::JsonValue problem) {
      Warn(settings, settings.codeowners + ": " + std::string(problem.Text()));
      return true;
    });
    (*root)["owners"].ForEach([&](codec::JsonValue one) {
      Note(settings, std::string(one["role"].Text()) + ": " + std::string(one["owner"].Text()) +
                         ", by line " + std::to_string(one["line"].Int().value_or(0)));
      return true;
    });
  }
  Note(settings,
       root && (*root)["new"].Bool().value_or(false) ? "recorded" : "it was recorded before");
  return kDone;
}

}  // namespace

int RunRecordBuild(const Invocation& invocation) { return Record(invocation, "/api/v1/builds"); }
int RunRecordDeploy(const Invocation& invocation) {
  return Record(invocation, "/api/v1/deployments");
}

}  // namespace scantling::cli

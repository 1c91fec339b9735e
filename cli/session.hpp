// What every command has: how it speaks and which ledger it means.
//
// Data goes to stdout, everything for people about the work itself to stderr, so that a pipe gets data alone. With --json
// stdout holds exactly one JSON document.
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit.hpp"
#include "cli/text/progress.hpp"
#include "ledger/base/error.hpp"

namespace hufu::cli {

namespace json = boost::json;

struct GlobalOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool progress = false;
  std::string color = "auto";  // auto, always, never
  std::string language;        // zh, en; empty: from the locale
  std::vector<std::string> nodes;
  std::string genesis;
  std::string config;
  unsigned timeout_seconds = 10;
};

// Why a command ends without doing what was asked. All texts are one line, lower case, without a final stop.
struct Trouble {
  Error error = Error::usage;
  std::string what;  // "cannot open ledger.genesis"
  std::string why;   // empty: the error's own text
  std::string next;  // empty: the error's own next step

  // Filled where the exit code is not that of the error.
  int exit = 0;
};
[[noreturn]] void throw_exception_from_error(const Trouble& trouble, const boost::source_location& where);

template <class T>
using Try = boost::system::result<T, Trouble>;

enum class Paint { none, good, bad, doubtful, strong, faint };

class Session {
 public:
  explicit Session(GlobalOptions options);

  const GlobalOptions& options() const { return options_; }
  bool chinese() const { return chinese_; }
  std::string_view tr(std::string_view english, std::string_view chinese) const {
    return chinese_ ? chinese : english;
  }

  // stdout
  void print(std::string_view text) const;
  void print_json(const json::value& value) const;
  std::string paint(Paint paint, std::string_view text) const;

  // stderr
  void say(std::string_view line) const;     // not with -q
  void detail(std::string_view line) const;  // only with -v
  void warn(std::string_view line) const;
  std::string paint_message(Paint paint, std::string_view text) const;
  std::unique_ptr<text::Progress> progress(std::string title, std::string unit) const;

  // Says what, why, the next step and the code, on stderr; with --json the same as a document on stdout. Gives the exit
  // code to return.
  int fail(const Trouble& trouble) const;

 private:
  GlobalOptions options_;
  bool chinese_ = false;
  bool color_out_ = false;
  bool color_err_ = false;
  bool stderr_terminal_ = false;
};

// True when the locale of the environment (LC_ALL, LC_MESSAGES, LANG; the first that is set) is a Chinese one.
bool locale_is_chinese();

// The code's exit, unless the trouble names another.
int exit_of(const Trouble& trouble);
json::object to_json(const Trouble& trouble);

}  // namespace hufu::cli

// Plays a scenario: `scenario_runner FOLDER_OF_PROGRAMS FILE.txt`. What a scenario may say:
//
//   # a remark
//   $ COMMAND            run by bash in the scenario's own empty folder; `hufu` and `craft` are found by name
//   > MORE               the command's next line
//   exit N               the exit code that must have come; without this line 0
//   out TEXT             stdout holds this text        no-out TEXT   … does not hold it
//   err TEXT             stderr holds this text        no-err TEXT   … does not hold it
//   finally COMMAND      run at the end, however it ends
//
// The environment is empty but for PATH, HOME (the folder), LC_ALL=C.UTF-8 and NO_COLOR. A failure shows the command with
// all that it wrote; the first one ends the scenario.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Step {
  int line = 0;
  std::string command;
  int exit = 0;
  struct Expectation {
    bool on_stdout = true;
    bool present = true;
    std::string text;
  };
  std::vector<Expectation> expectations;
};

struct Scenario {
  std::vector<Step> steps;
  std::vector<std::string> finally;
};

bool take(std::string& line, const char* word) {
  const std::string prefix = std::string(word) + " ";
  if (!line.starts_with(prefix)) return false;
  line.erase(0, prefix.size());
  return true;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "scenario: %s\n", why.c_str());
  std::exit(2);
}

Scenario read_scenario(const fs::path& path) {
  std::ifstream in(path);
  if (!in) give_up("cannot read " + path.string());
  Scenario scenario;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::string whole = line;
    if (take(line, "$")) {
      scenario.steps.push_back({.line = number, .command = line});
      continue;
    }
    if (take(line, "finally")) {
      scenario.finally.push_back(line);
      continue;
    }
    if (scenario.steps.empty())
      give_up("line " + std::to_string(number) + " expects something of no command");
    Step& step = scenario.steps.back();
    if (take(line, ">")) {
      step.command += "\n" + line;
    } else if (take(line, "exit")) {
      step.exit = std::stoi(line);
    } else if (take(line, "out")) {
      step.expectations.push_back({.on_stdout = true, .present = true, .text = line});
    } else if (take(line, "err")) {
      step.expectations.push_back({.on_stdout = false, .present = true, .text = line});
    } else if (take(line, "no-out")) {
      step.expectations.push_back({.on_stdout = true, .present = false, .text = line});
    } else if (take(line, "no-err")) {
      step.expectations.push_back({.on_stdout = false, .present = false, .text = line});
    } else {
      give_up("line " + std::to_string(number) + " is not understood: " + whole);
    }
  }
  if (scenario.steps.empty()) give_up("there is no command in it");
  return scenario;
}

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Done {
  int exit = 0;
  std::string out;
  std::string err;
};

// stdout and stderr go to files, so that a process left running in the background holds nothing up.
Done run(const std::string& command, const fs::path& folder) {
  const fs::path out = folder / ".out";
  const fs::path err = folder / ".err";
  const std::string script =
      "exec >" + out.string() + " 2>" + err.string() + " </dev/null\n" + command + "\n";
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/bash", "bash", "-c", script.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) give_up("cannot run bash");
  return {.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = content_of(out),
          .err = content_of(err)};
}

// Empty when the step went as written.
std::string fault_of(const Step& step, const Done& done) {
  if (done.exit != step.exit) {
    return "exit " + std::to_string(done.exit) + " instead of " + std::to_string(step.exit);
  }
  for (const Step::Expectation& expectation : step.expectations) {
    const std::string& text = expectation.on_stdout ? done.out : done.err;
    if ((text.find(expectation.text) != std::string::npos) == expectation.present) continue;
    return std::string(expectation.on_stdout ? "stdout " : "stderr ") +
           (expectation.present ? "does not hold: " : "holds: ") + expectation.text;
  }
  return "";
}

int play(const Scenario& scenario, const fs::path& path, const fs::path& folder) {
  for (const Step& step : scenario.steps) {
    const Done done = run(step.command, folder);
    const std::string fault = fault_of(step, done);
    if (fault.empty()) continue;
    std::printf("%s:%d: %s\n$ %s\n--- stdout\n%s\n--- stderr\n%s\n", path.c_str(), step.line, fault.c_str(),
                step.command.c_str(), done.out.c_str(), done.err.c_str());
    return 1;
  }
  std::printf("%s: %zu commands went as written\n", path.filename().c_str(), scenario.steps.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) give_up("usage: scenario_runner FOLDER_OF_PROGRAMS FILE.txt");
  const Scenario scenario = read_scenario(argv[2]);
  std::string folder = (fs::temp_directory_path() / "hufu-scenario-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) give_up("cannot make a folder");
  const std::string path = std::string(argv[1]) + ":/usr/local/bin:/usr/bin:/bin";
  ::clearenv();
  ::setenv("PATH", path.c_str(), 1);
  ::setenv("HOME", folder.c_str(), 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::setenv("NO_COLOR", "1", 1);
  const fs::path file = fs::absolute(argv[2]);
  if (::chdir(folder.c_str()) != 0) give_up("cannot enter the folder");
  const int result = play(scenario, file, folder);
  for (const std::string& command : scenario.finally) run(command, folder);
  std::error_code ignored;
  if (::chdir("/") == 0) fs::remove_all(folder, ignored);
  return result;
}

// Names each test of the reports in .tmp that failed, or passed only when it was run again, with its message; then prints
// the sums on the last line.

import { readdirSync, readFileSync } from "node:fs";

/** Characters of each message: enough for an assertion and the first frames of its stack. */
const MESSAGE_LENGTH = 1500;

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(".tmp").filter((file) => file.endsWith("-report.json"))) {
  const report = JSON.parse(readFileSync(`.tmp/${name}`, "utf8"));
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  if (!report.success && report.numFailedTests === 0)
    print("FAILED", name, "the run itself", "An error outside its tests: see what it printed.");
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    for (const { fullName, status, failureMessages } of file.assertionResults)
      if (failureMessages.length > 0)
        print(status === "failed" ? "FAILED" : "RETRIED", file.name, fullName, failureMessages.join("\n"));
    // A file that could not be loaded has a message and no tests.
    if (file.status === "failed" && failed.length === 0)
      print("FAILED", file.name, "the file itself", file.message ?? "");
  }
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ""}`);

function print(word, file, test, message) {
  console.log(
    `${word} ${file.replace(`${process.cwd()}/`, "")}: ${test}\n${message.slice(0, MESSAGE_LENGTH)}\n`,
  );
}

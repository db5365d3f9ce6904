import { queueStatus } from "../../../push/queue/status.node.ts";
import { messageWithHint } from "../../../report/blocking.ts";
import { formatCount } from "../../../report/units.ts";
import type { Parsed } from "../../args/parse.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { element, textLine } from "./lines.ts";

/** `queue status`: exit code 1 if there are dead letters. */
export async function status(connectionString: string, args: Parsed, terminal: Terminal): Promise<ExitCode> {
  const found = await queueStatus({ connectionString });
  if (args.values.format === "ndjson") terminal.out(element(found));
  else {
    const { queued, retrying, active, done, dead, deadLetters } = found;
    terminal.out(
      `${queued} queued, ${retrying} to be tried again, ${active} active, ${done} done in seven days, ${dead} dead letters\n`,
    );
    for (const { file, attempts, findings, ...failure } of deadLetters) {
      const reasons = findings.map(({ message }) => message).join("; ") || messageWithHint(failure);
      terminal.out(textLine(file, `${reasons} (${formatCount(attempts, "attempt")})`));
    }
    if (dead > deadLetters.length) terminal.out(`… and ${dead - deadLetters.length} more\n`);
  }
  return found.dead > 0 ? 1 : 0;
}

/* The summary of `npm run mutation`: the score of each folder and of all, as a table. */

type Status = "Killed" | "Timeout" | "Survived" | "NoCoverage" | "Ignored" | (string & {});

interface Report {
  files: Readonly<Record<string, { mutants: readonly { status: Status }[] }>>;
}

class Folders {
  onMutationTestReportReady({ files }: Report): void {
    const rows = new Map<string, { killed: number; survived: number; untested: number }>();
    for (const [file, { mutants }] of Object.entries(files)) {
      const folder = file.slice(0, file.lastIndexOf("/"));
      for (const name of [folder, "all"]) {
        const row = rows.get(name) ?? { killed: 0, survived: 0, untested: 0 };
        rows.set(name, row);
        for (const { status } of mutants)
          if (status === "Killed" || status === "Timeout") row.killed++;
          else if (status === "Survived") row.survived++;
          else if (status === "NoCoverage") row.untested++;
      }
    }
    const all = rows.get("all");
    rows.delete("all");
    const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    if (all) lines.push(["all", all]);
    const cells = lines
      .filter(([, row]) => row.killed + row.survived + row.untested > 0)
      .map(([name, { killed, survived, untested }]) => {
        const of = killed + survived + untested;
        const score = ((100 * killed) / of).toFixed(1);
        return `${name.padEnd(24)}${score.padStart(7)} %  ${killed} of ${of} killed, ${untested} met by no test`;
      });
    process.stdout.write(`\nMutation score\n${cells.join("\n")}\n`);
  }
}

/** The form in which Stryker loads reporters. */
export const strykerPlugins: readonly object[] = [
  { kind: "Reporter", name: "folders", injectableClass: Folders },
];

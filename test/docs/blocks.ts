import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A fenced block of a page. */
export interface Block {
  page: string;
  /** Line of the opening fence. */
  line: number;
  language: string;
  /** What follows the language: a file's name, for a block that a reader is to save. */
  name: string | null;
  text: string;
}

const root = new URL("../../", import.meta.url).pathname;

/** Every fenced block of every tracked page, except generated declarations. */
export function blocks(): Block[] {
  const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  return pages.flatMap((page) => {
    const found: Block[] = [];
    let open: { line: number; language: string; name: string | null; lines: string[] } | null = null;
    readFileSync(root + page, "utf8")
      .split("\n")
      .forEach((line, i) => {
        const fence = /^\s*```(\S*)\s*(.*)$/.exec(line);
        if (!fence) open?.lines.push(line);
        else if (open) {
          const { lines, ...rest } = open;
          found.push({ page, ...rest, text: lines.join("\n") });
          open = null;
        } else open = { line: i + 1, language: fence[1] ?? "", name: fence[2] || null, lines: [] };
      });
    return found.filter(({ language }) => language !== "typescript");
  });
}

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { workerLimits } from "../../src/facts/cross-check/worker-client.ts";
import { defaultBudgets } from "../../src/index.ts";
import { entries, namesOf } from "./api.ts";
import { pages } from "./generate.ts";

const root = new URL("../../", import.meta.url).pathname;
const packageJson = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const listed = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" }).trim().split("\n");
const text = (page: string): string => readFileSync(root + page, "utf8");

test.each(Object.entries(pages()))("%s is what `npm run docs` writes", (path, made) => {
  expect(text(path) === made, `${path} is out of date: npm run docs`).toBe(true);
});

describe("public names", () => {
  test("the entries that are documented are those of package.json", () => {
    const typed = Object.entries(packageJson.exports as Record<string, { types?: string }>)
      .filter(([, target]) => target.types || JSON.stringify(target).includes("index.d.ts"))
      .map(([entry]) => entry.replace(/^\./, "media-preflight"))
      // Scripts of Workers have no names.
      .filter((entry) => !/-worker$/.test(entry));
    expect(Object.keys(entries).sort()).toEqual(typed.sort());
  });
  test.each(Object.entries(entries))("every name of %s has a docstring", (_entry, file) => {
    const names = namesOf(file);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter(({ doc }) => doc === "").map(({ name }) => name)).toEqual([]);
  });
});

test("the documented budgets are the actual ones", () => {
  const { bytes, reads, entries: most, depth, milliseconds } = defaultBudgets;
  expect([bytes / 2 ** 20, reads, most, depth, milliseconds]).toEqual([48, 4096, 1_000_000, 16, 1000]);
  expect(text("src/facts/README.md")).toContain(
    "48 MiB and 4,096 reads requested from the source, a million entries visited, 16 levels of nesting, one second of own work",
  );
  expect(workerLimits.timeout).toBe(2000);
  expect(text("src/facts/README.md")).toContain("ended after two seconds of one file");
});

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

test("every link between the pages has an existing target and anchor", () => {
  expect(listed.length).toBeGreaterThan(8);
  const broken: string[] = [];
  for (const page of listed) {
    const prose = text(page).replace(/```[\s\S]*?```/g, "");
    for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:|^mailto:/.test(target)) continue;
      const [path = "", hash] = target.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      if (!existsSync(root + file)) broken.push(`${page}: ${target}`);
      else if (hash) {
        const headings = [...text(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
        if (!headings.includes(hash)) broken.push(`${page}: ${target}`);
      }
    }
  }
  expect(broken).toEqual([]);
});

test("every page of the project is reached from the one README", () => {
  const seen = new Set<string>();
  const follow = (page: string): void => {
    if (seen.has(page) || !existsSync(root + page)) return;
    seen.add(page);
    for (const [, target = ""] of text(page).matchAll(/\]\(([^)\s#]+\.md)(?:#[^)]*)?\)/g))
      if (!target.includes("://")) follow(join(dirname(page), target));
  };
  follow("README.md");
  expect(listed.filter((page) => !seen.has(page))).toEqual([]);
});

test("every npm script that a page names exists", () => {
  const named = new Set(
    listed.flatMap((page) => [...text(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name)),
  );
  expect(named.size).toBeGreaterThan(4);
  expect([...named].filter((name) => !(`${name}` in packageJson.scripts))).toEqual([]);
  for (const command of ["npm ci && npm start", "npm ci && npm test"])
    expect(text("README.md")).toContain(command);
});

import { join } from "node:path";
import { containedPath } from "../files/contained-path.ts";
import { repositoryRoot } from "../git/repository-root.ts";
import type { LocatedConfig } from "./find-config.ts";
import { isTablePath, tablePath } from "./policy.ts";

/** What a configuration's own paths must lie in: its repository, or its folder where there is none. */
export function containingFolder({ base }: LocatedConfig): string {
  return repositoryRoot(base) ?? base;
}

/**
 * The configuration itself, if all files that it names lie in its repository.
 * @throws MediaPreflightError `bad-config`
 */
export function requireContained(located: LocatedConfig): LocatedConfig {
  const { config, base } = located;
  const bounds = containingFolder(located);
  if (config.baseline !== undefined) containedPath(join(base, config.baseline), bounds, "the baseline");
  for (const rules of [config.rules, ...(config.files ?? []).map((entry) => entry.rules)]) {
    if (isTablePath(rules)) containedPath(tablePath(rules, base), bounds, "the rule table");
  }
  return located;
}

import { MediaPreflightError } from "../../errors.ts";
import { loadTableFromNode } from "../../rules/load.node.ts";
import type { LocatedConfig, ReadText } from "./find-config.ts";
import { tablePath } from "./policy.ts";

/**
 * The configuration with the tables that it names by path read from the index, so that a commit is judged by what
 * is committed with it. A table that the index does not have keeps its path.
 * @throws MediaPreflightError `bad-table`
 */
export async function withStagedTables(located: LocatedConfig, read: ReadText): Promise<LocatedConfig> {
  const { config, base } = located;
  const table = async (rules: string | object | undefined): Promise<string | object | undefined> => {
    const path = typeof rules === "string" ? tablePath(rules, base) : undefined;
    const text = path === undefined || path === rules ? null : await read(path);
    return text === null ? rules : await parsed(text, String(rules));
  };
  const files =
    config.files &&
    (await Promise.all(config.files.map(async (f) => ({ ...f, rules: await table(f.rules) }))));
  return { ...located, config: { ...config, rules: await table(config.rules), ...(files ? { files } : {}) } };
}

async function parsed(text: string, path: string): Promise<object> {
  try {
    return await loadTableFromNode(Object(JSON.parse(text)));
  } catch (cause) {
    const hint = cause instanceof MediaPreflightError ? (cause.hint ?? undefined) : undefined;
    throw new MediaPreflightError("bad-table", `${path}: ${(cause as Error).message}`, {
      cause,
      ...(hint ? { hint } : {}),
    });
  }
}

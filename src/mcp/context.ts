import { createAtlasClient } from "../atlas/client.node.ts";
import type { AtlasClient } from "../atlas/types.ts";
import { ledgerOf, requireUsable } from "../cli/args/ledger.ts";
import type { Parsed } from "../cli/args/parse.ts";
import { type LocatedConfig, textOnDisk } from "../cli/config/find-config.ts";
import { createPolicy, type Policy } from "../cli/config/policy.ts";
import { preflightOptionsFor, resolveConfiguration } from "../cli/config/preflight-options.ts";
import { withStagedTables } from "../cli/config/staged-tables.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { readTable } from "./read-table.ts";

/** What the tools of one server share. */
export interface ToolContext {
  /** Real paths of the folders whose files may be named. */
  readonly folders: readonly [string, ...string[]];
  /** The client of the service, with the key from the environment. @throws MediaPreflightError `no-key` */
  atlas(): AtlasClient;
  /** push's ledger. @throws MediaPreflightError `ledger-invalid`, `ledger-unreachable` */
  ledger(): Promise<Ledger>;
  /** How files are checked: by the repository's configuration, read for each call. */
  checkSettings(call: CallSettings): Promise<CheckSettings>;
  close(): Promise<void>;
}

/** How the files of a call are checked, by its input. */
export interface CallSettings {
  type?: Kind | undefined;
  /** A table's id, or the path of a table in an allowed folder. */
  rules?: string | undefined;
}

/** How the files of a call are checked, by its input and the configuration. */
export interface CheckSettings {
  /** The options for a file, by its path as given. @throws MediaPreflightError `usage` if the configuration ignores it */
  optionsFor(givenPath: string): PreflightOptions;
  /** The options for a URL. */
  general: PreflightOptions;
  policy: Policy;
}

export function createContext(
  folders: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>>,
): ToolContext {
  let client: AtlasClient | null = null;
  let opening: Promise<Ledger> | null = null;
  return {
    folders,
    atlas: () => {
      client ??= createAtlasClient();
      return client;
    },
    async ledger() {
      opening ??= openUsable(env);
      try {
        return await opening;
      } catch (error) {
        opening = null;
        throw error;
      }
    },
    checkSettings: (call) => loadSettings(call, folders),
    async close() {
      await opening?.then((ledger) => ledger.close()).catch(() => {});
    },
  };
}

const noArgs: Parsed = { positionals: [], switches: new Set(), values: {}, lists: {} };

async function openUsable(env: Readonly<Record<string, string | undefined>>): Promise<Ledger> {
  const ledger = ledgerOf(noArgs, env);
  await requireUsable(ledger);
  return ledger;
}

/** Read for each call: configuration and tables may change while the server runs. */
async function loadSettings(
  { type, rules }: CallSettings,
  folders: readonly string[],
): Promise<CheckSettings> {
  const located: LocatedConfig = await withStagedTables(await resolveConfiguration(noArgs), textOnDisk);
  const policy = await createPolicy(located, null, process.cwd(), new Date().toISOString().slice(0, 10));
  const table = await readTable(rules, folders);
  const options = (filePolicy: Policy["general"]): PreflightOptions => ({
    ...preflightOptionsFor(noArgs, filePolicy, located),
    ...(type !== undefined && { type }),
    ...(table !== undefined && { rules: table }),
  });
  return {
    policy,
    general: options(policy.general),
    optionsFor(givenPath) {
      const filePolicy = policy.forPath(givenPath);
      if (filePolicy !== null) return options(filePolicy);
      throw new MediaPreflightError("usage", `ignored by ${located.from}`, {
        path: givenPath,
        hint: "the configuration says that this is not reference media; ask the user before changing it",
      });
    },
  };
}

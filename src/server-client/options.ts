import type { OptionNames } from "../validation/known-options.ts";

/** How `createServerClient` reaches the user's own server. */
export interface ServerClientOptions {
  /** Where the server mounts its handler: a path such as "/media", or a URL. */
  endpoint: string;
  /** Headers for every request, for instance a session's token; a function is called before each request. */
  headers?:
    | Record<string, string>
    | (() => Record<string, string> | Promise<Record<string, string>>)
    | undefined;
  /** Used instead of the global fetch (and of XMLHttpRequest). */
  fetch?: typeof globalThis.fetch | undefined;
  /** Whether cookies are sent, as in fetch. Default "same-origin". */
  credentials?: "omit" | "same-origin" | "include" | undefined;
}

export const serverClientOptionNames = {
  endpoint: true,
  headers: true,
  fetch: true,
  credentials: ["omit", "same-origin", "include"],
} as const satisfies OptionNames<ServerClientOptions>;

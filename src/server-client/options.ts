/** How createServerClient reaches the user's own server. */
export interface ServerClientOptions {
  /** Where the server mounted its handler: "/media" or a whole URL. */
  endpoint: string;
  /** Sent with every request, for instance a session's token. */
  headers?:
    | Record<string, string>
    | (() => Record<string, string> | Promise<Record<string, string>>)
    | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  /** Whether cookies travel, as in fetch. Default "same-origin". */
  credentials?: "omit" | "same-origin" | "include" | undefined;
}

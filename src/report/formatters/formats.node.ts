import type { FormatOptions, Formatter } from "./formatter.ts";

/** The values of `--format`; each formatter is loaded on demand. */
const loaders = {
  text: async () => (await import("./text.ts")).textFormatter,
  json: async () => (await import("./json.ts")).jsonFormatter,
  ndjson: async () => (await import("./json.ts")).ndjsonFormatter,
  junit: async () => (await import("./junit.ts")).junitFormatter,
  sarif: async () => (await import("./sarif.ts")).sarifFormatter,
  github: async () => (await import("./github.ts")).githubFormatter,
  markdown: async () => (await import("./markdown.ts")).markdownFormatter,
  html: async () => {
    const [{ htmlFormatter }, assets] = await Promise.all([
      import("./html/html.ts"),
      import("./html/assets.node.ts"),
    ]);
    return (options: FormatOptions): Formatter => htmlFormatter(options, assets);
  },
} as const;

export type FormatName = keyof typeof loaders;

export const formatNames: readonly FormatName[] = Object.keys(loaders) as FormatName[];

/** Creates a formatter by its name. */
export async function createFormatter(name: FormatName, options: FormatOptions = {}): Promise<Formatter> {
  const make = await loaders[name]();
  return make(options);
}

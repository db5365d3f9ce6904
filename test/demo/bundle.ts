import { build } from "esbuild";

/** The page's scripts as a bundler makes them: by address. */
export async function bundlePage(
  entries: Readonly<Record<string, string>>,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { outputFiles } = await build({
    entryPoints: { ...entries },
    absWorkingDir: new URL("../..", import.meta.url).pathname,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    outdir: "/out",
    write: false,
    logLevel: "error",
  });
  return new Map(
    outputFiles.map(({ path, contents }) => [path.slice("/out".length), new Uint8Array(contents)]),
  );
}

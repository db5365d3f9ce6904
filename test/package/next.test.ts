import { expect, inject, test } from "vitest";
import { newProject, run } from "./stranger.ts";

/* A Next.js 16 page and route handler as src/web/README.md shows them build without any configuration. */

const files = {
  "app/layout.tsx": `import type { ReactNode } from "react";
export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  "app/page.tsx": `"use client";
import { createServerClient, preflight } from "media-preflight";
import "media-preflight/element";
import { useEffect, useRef } from "react";
const atlas = createServerClient({ endpoint: "/media" });
export default function Page() {
  const element = useRef<HTMLElementTagNameMap["media-preflight"]>(null);
  useEffect(() => {
    const mounted = new AbortController();
    const { signal } = mounted;
    element.current?.addEventListener("media-preflight-asset", ({ detail }) => console.log(detail.asset.uri), { signal });
    return () => mounted.abort();
  }, []);
  return (
    <main title={typeof atlas.uploadMedia + typeof preflight}>
      <media-preflight ref={element} type="video" endpoint="/media" onmedia-preflight-problem={({ detail }) => console.log(detail.code)} />
    </main>
  );
}
`,
  "app/media/[...path]/route.ts": `import { createHandler } from "media-preflight/server";
const apiKey = () => process.env.ATLASCLOUD_API_KEY ?? "";
const handler = createHandler({ apiKey, authorize: () => ({ ok: true, label: "me" }) });
export { handler as GET, handler as POST };
`,
};

test.each([
  ["Turbopack", []],
  ["webpack", ["--webpack"]],
])("%s builds a page with the element and a route with the handler", (name, flags) => {
  const folder = `${inject("scratch")}/next-${name}`;
  const types = ["typescript@5", "@types/react", "@types/node@24"];
  newProject(folder, files, [inject("tarball"), "next@16", "react", "react-dom", ...types]);
  const said = run(folder, "node_modules/.bin/next", ["build", ...flags]);
  expect(said).toContain("/media/[...path]");
});

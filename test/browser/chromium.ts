import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/**
 * A Chromium to run tests in: the one installed, else the headless one that comes as a package. Nothing is
 * downloaded. MEDIA_PREFLIGHT_CHROMIUM names another.
 */
export async function findChromium(): Promise<string> {
  const named = process.env.MEDIA_PREFLIGHT_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const applications = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  const installed = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...applications,
  ];
  const found = installed.find((path) => existsSync(path));
  if (found) return found;
  // The package unpacks to $TMPDIR/chromium and reuses what is there: give it a folder of our own.
  const before = process.env.TMPDIR;
  process.env.TMPDIR = join(import.meta.dirname, "../../.tmp/browser");
  mkdirSync(process.env.TMPDIR, { recursive: true });
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

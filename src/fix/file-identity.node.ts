import { stat } from "node:fs/promises";

/** Identifies a file's state: it changes if the file is replaced or written to. */
export async function fileIdentity(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(" ");
}

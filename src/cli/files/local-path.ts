import { classifyInput } from "../../preflight/inputs/classify-input.ts";

/** The path of a file that exists, for functions that would take a name such as "http:1.mp4" or "data:1.jpg" for a URL. */
export function localPath(path: string): string {
  return classifyInput(path).kind === "path" ? path : `./${path}`;
}

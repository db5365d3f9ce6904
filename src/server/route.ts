import { Problem } from "./problem.ts";

/** The operation that a request asks for, by the end of its path: the handler may be mounted anywhere. @throws Problem 404, 405 */
export function routeOf(request: Request): { collection: "uploads" | "assets"; id: string | null } {
  const match = /\/(uploads|assets)(?:\/([\w-]+))?\/?$/.exec(new URL(request.url).pathname);
  const collection = match?.[1];
  const id = match?.[2] ?? null;
  if ((collection !== "uploads" && collection !== "assets") || (collection === "uploads" && id !== null)) {
    throw new Problem(404, "not-found", "no such address", { hint: "…/uploads, …/assets or …/assets/{id}" });
  }
  const allow = id === null ? "POST" : "GET";
  if (request.method !== allow) {
    throw new Problem(405, "usage", `${request.method} is not offered here`, { headers: { allow } });
  }
  return { collection, id };
}

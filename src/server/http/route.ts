import { Problem } from "./problem.ts";

/** The methods of each address: of a collection, and of one member by its id. */
const methods = {
  uploads: { all: ["GET", "POST"], one: ["POST"] },
  assets: { all: ["POST"], one: ["GET"] },
} as const;

/** The operation of a request. */
export interface Route {
  method: "GET" | "POST";
  collection: keyof typeof methods;
  id: string | null;
}

/** Determines the operation by the end of the path: the handler may be mounted anywhere. @throws Problem 404, 405 */
export function routeOf(request: Request): Route {
  const match = /\/(uploads|assets)(?:\/([\w-]+))?\/?$/.exec(new URL(request.url).pathname);
  const collection = match?.[1];
  const id = match?.[2] ?? null;
  if (collection !== "uploads" && collection !== "assets")
    throw new Problem(404, "not-found", "no such address", { hint: "…/uploads, …/assets or …/assets/{id}" });
  const allowed = methods[collection][id === null ? "all" : "one"];
  const method = allowed.find((one) => one === request.method);
  if (!method)
    throw new Problem(405, "usage", `${request.method} is not offered here`, {
      headers: { allow: allowed.join(", ") },
    });
  return { method, collection, id };
}

import type { HandlerOptions } from "../options.ts";
import { Problem } from "./problem.ts";

/**
 * The label of an authorized request; null for none. "" is a label.
 * @throws Problem 401; a Response that `authorize` returned; what `authorize` threw
 */
export async function authorizeRequest(
  authorize: HandlerOptions["authorize"],
  request: Request,
): Promise<string | null> {
  const decision = await authorize(request);
  if (decision instanceof Response) throw decision;
  if (decision === true) return null;
  if (typeof decision === "object" && decision?.ok === true) return decision.label ?? null;
  throw new Problem(401, "unauthorized", "not allowed to upload", { hint: "sign in first" });
}

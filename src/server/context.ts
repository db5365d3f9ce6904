import type { AtlasClient } from "../atlas/types.ts";
import type { Events } from "./events.ts";
import type { BodyBounds } from "./http/receive-body.ts";
import type { HandlerOptions } from "./options.ts";
import type { Registrar } from "./registration/registrar.ts";
import type { Tickets } from "./registration/ticket.ts";
import type { Slots } from "./slots.ts";

/** What all requests of one handler share. */
export interface HandlerContext {
  options: HandlerOptions;
  atlas: AtlasClient;
  allowedOrigins: ReadonlySet<string>;
  bounds: BodyBounds;
  slots: Slots;
  events: Events;
  tickets: Tickets;
  registrar: Registrar;
}

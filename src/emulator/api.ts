import { Hono } from "hono";
import { generateVideo, getPrediction, history } from "./predictions.ts";
import type { EmulatorState } from "./state.ts";
import { uploadMedia } from "./upload.ts";
import { refusal, unknownPath } from "./wire.ts";

/** The api host: uploads, generation, predictions. */
export function apiHost(world: EmulatorState): Hono {
  const app = new Hono().basePath("/api/v1/model");
  app.post("/uploadMedia", (c) => uploadMedia(c, world));
  app.post("/generateVideo", (c) => generateVideo(c, world));
  app.get("/prediction/:id", (c) => getPrediction(c, world));
  app.get("/history", (c) => history(c, world));
  app.notFound(() => unknownPath("api", world.toggles));
  // A client that left in the middle of its body.
  app.onError(() => refusal("api", 500, "InternalError", world.toggles));
  return app;
}

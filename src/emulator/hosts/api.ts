import { Hono } from "hono";
import { refusal, unknownPath } from "../http/wire.ts";
import type { EmulatorState } from "../state.ts";
import { generateVideo, getPrediction, history } from "./predictions.ts";
import { uploadMedia } from "./upload.ts";

/** The api host: uploads, generation, predictions. */
export function apiHost(state: EmulatorState): Hono {
  const app = new Hono().basePath("/api/v1/model");
  app.post("/uploadMedia", (c) => uploadMedia(c, state));
  app.post("/generateVideo", (c) => generateVideo(c, state));
  app.get("/prediction/:id", (c) => getPrediction(c, state));
  app.get("/history", (c) => history(c, state));
  app.notFound(() => unknownPath("api", state.toggles));
  // A client that left in the middle of its body.
  app.onError(() => refusal("api", 500, "InternalError", state.toggles));
  return app;
}

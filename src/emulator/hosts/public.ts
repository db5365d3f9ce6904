import { Hono } from "hono";
import type { EmulatorState } from "../state.ts";

/** What official clients fetch first, from either host: the models, and the balance. Minimal. */
export function publicPaths(state: EmulatorState): Hono {
  const app = new Hono();
  const models = (): Response => Response.json({ code: 200, data: modelsOf(state.apiOrigin()) });
  app.get("/models", models);
  app.get("/api/v1/models", models);
  app.get("/models/:name/schema.json", () => Response.json(schema));
  app.get("/public/v1/balance", () =>
    Response.json({ available: usd("100.00"), cash: usd("100.00"), bonus: usd("0.00") }),
  );
  return app;
}

/** An amount as the official MCP server 1.7.0 reads it. */
const usd = (value: string): object => ({ value, currency: "usd" });

/** Whether a path is one of these, and whether it takes a key. */
export function publicPath(path: string): { key: boolean } | null {
  if (/^(?:\/api\/v1)?\/models$|^\/models\/[^/]+\/schema\.json$/.test(path)) return { key: false };
  return path === "/public/v1/balance" ? { key: true } : null;
}

const modelsOf = (origin: string): unknown[] =>
  ["text-to-video", "image-to-video", "reference-to-video"].map((task) => ({
    model: `bytedance/seedance-2.0/${task}`,
    displayName: `Seedance 2.0 ${task}`,
    type: "Video",
    display_console: true,
    schema: `${origin}/models/seedance-2.0-${task}/schema.json`,
  }));

/** The fields of a generation (Atlas Cloud's OpenAPI, read 2026-11). Official clients refuse any other. */
const schema = {
  openapi: "3.0.0",
  components: {
    schemas: {
      Input: {
        type: "object",
        required: ["model", "prompt"],
        properties: {
          model: { type: "string" },
          prompt: { type: "string" },
          image: { type: "string" },
          last_image: { type: "string" },
          reference_images: { type: "array", items: { type: "string" } },
          reference_videos: { type: "array", items: { type: "string" } },
          reference_audios: { type: "array", items: { type: "string" } },
          duration: { type: "integer" },
          resolution: { type: "string" },
          ratio: { type: "string" },
          generate_audio: { type: "boolean" },
          watermark: { type: "boolean" },
          return_last_frame: { type: "boolean" },
          seed: { type: "integer" },
        },
      },
    },
  },
};

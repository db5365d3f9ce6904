import { describe, expect, it } from "vitest";
import type { Prediction } from "../../../src/atlas/types.ts";
import { clientOf, refusal } from "../setup.ts";

const body = { model: "bytedance/seedance-2.0/text-to-video", prompt: "a boat", duration: 5 };
const url = "https://cdn.example/out.mp4";

const predicted = async (json: unknown, status = 200): Promise<Prediction> => {
  const { client } = await clientOf(() => ({ status, json }));
  return client.getPrediction("p-1");
};

describe("a prediction's outputs", () => {
  it.each([
    ["outputs", { outputs: [url] }],
    ["output as text", { output: url }],
    ["output as an array", { output: [url] }],
    ["objects with url", { outputs: [{ url }] }],
    ["objects with video_url", { outputs: [{ video_url: url }] }],
    ["an object with download_url", { output: { download_url: url } }],
    ["output, where outputs is empty", { outputs: [], output: url }],
  ])("are read from %s", async (_, fields) => {
    const prediction = await predicted({ code: 200, data: { id: "p-1", status: "completed", ...fields } });
    expect(prediction).toMatchObject({ status: "succeeded", outputs: [url] });
  });

  it("that are missing after success are an error, not an empty success", async () => {
    for (const outputs of [[], null, [""], ["ftp://a.example/x"], [{ name: "x" }]]) {
      const { client } = await clientOf(() => ({
        json: { code: 200, data: { id: "p-1", status: "succeeded", outputs } },
      }));
      const error = await refusal(client.waitForPrediction("p-1"));
      expect(error).toMatchObject({ code: "prediction-failed", id: "p-1" });
      expect(error.message).toContain("without an output URL");
    }
  });
});

describe("a prediction's status", () => {
  it.each([
    ["success", "succeeded"],
    ["Completed", "succeeded"],
    ["error", "failed"],
    ["timeout", "failed"],
    ["canceled", "failed"],
    ["starting", "processing"],
    ["thinking", "processing"],
  ])("%s is %s", async (status, expected) => {
    expect((await predicted({ code: 200, data: { id: "p-1", status } })).status).toBe(expected);
  });

  it.each([500, 503, 200])(
    "failed, sent as HTTP %i, is final: one request, with the service's code",
    async (status) => {
      const data = { id: "p-1", status: "failed", error: "moderation refused the prompt", error_code: 1039 };
      const { client, seen } = await clientOf(() => ({
        status,
        json: { code: status === 200 ? 200 : 500, message: "failed", data },
      }));
      const error = await refusal(client.waitForPrediction("p-1"));
      expect(error).toMatchObject({ code: "prediction-failed", upstreamCode: "1039", retryable: false });
      expect(error.message).toContain("moderation refused the prompt");
      expect(error.hint).toContain("moderation");
      expect(seen).toHaveLength(1);
    },
  );

  it("an HTTP 500 without a failed prediction in it is an outage, and retried", async () => {
    const { client, seen } = await clientOf((_, n) =>
      n < 3
        ? { status: 500, json: { code: 500, data: { status: "processing" } } }
        : { json: { code: 200, data: { id: "p-1", status: "completed", outputs: [url] } } },
    );
    expect((await client.waitForPrediction("p-1")).outputs).toEqual([url]);
    expect(seen).toHaveLength(3);
  });
});

describe("a new generation", () => {
  it.each([
    ["data.id", { code: 200, data: { id: "p-1" } }],
    ["data.prediction_id", { code: 200, data: { prediction_id: "p-1" } }],
    ["data.request_id", { code: 200, data: { request_id: "p-1" } }],
    ["data.data.id", { code: 200, data: { data: { id: "p-1" } } }],
    ["data.data.id without codes", { data: { data: { id: "p-1" } } }],
    ["prediction_id without an envelope", { prediction_id: "p-1" }],
  ])("has its id in %s", async (_, json) => {
    const { client } = await clientOf(() => ({ json }));
    expect((await client.generateVideo(body)).id).toBe("p-1");
  });

  it("may carry its outputs already", async () => {
    const { client } = await clientOf(() => ({ json: { code: 200, data: { id: "p-1", outputs: [url] } } }));
    expect(await client.generateVideo(body)).toMatchObject({ status: "succeeded", outputs: [url] });
  });

  it("takes public URLs as references only if allowed", async () => {
    const { client, seen } = await clientOf(() => ({ json: { code: 200, data: { id: "p-1" } } }));
    const withUrl = { ...body, reference_videos: ["https://cdn.example/a.mp4"], reference_audios: [] };
    await expect(client.generateVideo(withUrl)).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("--allow-url-references"),
    });
    expect(seen).toHaveLength(0);
    await client.generateVideo(withUrl, { allowUrlReferences: true });
    expect(JSON.parse(String(seen[0]?.body))).toEqual({
      ...body,
      reference_videos: ["https://cdn.example/a.mp4"],
    });
    const inline = { ...body, reference_videos: ["data:video/mp4;base64,AAAA"] };
    await expect(client.generateVideo(inline, { allowUrlReferences: true })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

describe("a prediction that the host does not know yet", () => {
  it("is requested with a trailing slash too", async () => {
    const { client, seen } = await clientOf(({ path }) =>
      path.endsWith("/")
        ? { json: { code: 200, data: { id: "p-1", status: "processing" } } }
        : { status: 404, json: { code: 404 } },
    );
    expect((await client.getPrediction("p-1")).status).toBe("processing");
    expect(seen.map(({ path }) => path)).toEqual([
      "/api/v1/model/prediction/p-1",
      "/api/v1/model/prediction/p-1/",
    ]);
  });

  it("keeps the first error if neither path is known", async () => {
    const { client } = await clientOf(({ path }) => ({ status: path.endsWith("/") ? 401 : 404, json: {} }));
    expect(await refusal(client.getPrediction("p-1"))).toMatchObject({ status: 404 });
  });
});

describe("a generation whose answer was lost", () => {
  const item = (more: object = {}) => ({
    ID: "p-9",
    createdAt: new Date().toISOString(),
    model: body.model,
    requestBody: JSON.stringify({ duration: 5, prompt: "a boat", model: body.model }),
    status: "processing",
    ...more,
  });
  const lost = async (items: (look: number) => unknown[]) => {
    let looks = 0;
    const made = await clientOf(({ path }) =>
      path.includes("/model/history") ? { json: { code: 200, data: { list: items(++looks) } } } : "cut",
    );
    return made;
  };

  it("is found in the history, even on a later attempt, and not sent again", async () => {
    const { client, seen } = await lost((look) =>
      look < 2 ? [] : [item({ ID: "other", requestBody: "{}" }), item()],
    );
    expect(await client.generateVideo(body)).toMatchObject({ id: "p-9", status: "processing" });
    expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(seen.at(-1)?.path).toBe("/api/v1/model/history?no=1&size=50");
  });

  it.each<[string, () => unknown[]]>([
    ["absent", () => []],
    ["listed only from an earlier day", () => [item({ createdAt: "2026-01-01T00:00:00Z" })]],
    ["listed twice", () => [item(), item({ ID: "p-10" })]],
    ["listed with another body", () => [item({ requestBody: '{"model":"m"}' })]],
  ])("stays unknown if it is %s", async (_, items) => {
    const { client, seen } = await lost(items);
    const error = await refusal(client.generateVideo(body));
    expect(error).toMatchObject({ outcome: "unknown", hint: expect.stringContaining("billed") });
    expect(error.message).toMatch(/the history (?:does not list it|lists 2 equal ones)/);
    expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("stays unknown if there is no history", async () => {
    const { client } = await clientOf(({ path }) =>
      path.includes("history") ? { status: 404, json: {} } : "cut",
    );
    expect(await refusal(client.generateVideo(body))).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("the history could not be fetched"),
    });
  });
});

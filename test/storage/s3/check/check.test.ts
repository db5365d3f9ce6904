import { expect, test } from "vitest";
import { checkStorage } from "../../../../src/storage/s3/check/check.ts";
import { corsSettings } from "../../../../src/storage/s3/check/cors.ts";
import { lifecycleOf } from "../../../../src/storage/s3/check/lifecycle.ts";
import { startBucket } from "../../start-bucket.ts";

/* `storage check` and `storage cors`: what they find out and ask for. */

const origin = "https://app.example";

test("a bucket as it should be passes, and keeps none of the objects that were made", async () => {
  const cors = [
    {
      allowedOrigins: [origin],
      allowedMethods: ["PUT"],
      allowedHeaders: ["content-type", "x-amz-checksum-sha256"],
      exposeHeaders: ["ETag"],
    },
  ];
  const { emulator, settings } = await startBucket({ bucket: { name: "media", cors } });
  try {
    const steps = await checkStorage(settings, { origins: [origin] });
    expect(steps.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(steps.map(({ step }) => step)).toEqual(
      "put stat range copy sign signed-put parts cors lifecycle delete".split(" "),
    );
    // A signed GET answers HEAD with 403, and there is no lifecycle rule yet.
    expect(steps.filter(({ outcome }) => outcome === "advice").map(({ step }) => step)).toEqual([
      "sign",
      "lifecycle",
    ]);
    expect(emulator.snapshot().objects).toEqual([]);
  } finally {
    await emulator.close();
  }
});

test("origins that may not upload, and keys that may not write, are reported with what to change", async () => {
  const { emulator, settings } = await startBucket();
  try {
    const steps = await checkStorage(settings, { origins: [origin] });
    expect(steps.find(({ step }) => step === "cors")).toMatchObject({
      outcome: "failed",
      hint: expect.stringContaining(`storage cors --origin ${origin}`),
    });
    emulator.set({ bucketForbidden: Number.POSITIVE_INFINITY, bucketFaultsOn: ["PutObject"] });
    expect(await checkStorage(settings)).toEqual([
      {
        step: "put",
        outcome: "failed",
        message: expect.stringContaining("PutObject"),
        hint: expect.stringContaining("s3:PutObject"),
      },
    ]);
  } finally {
    await emulator.close();
  }
});

test("the documented permissions suffice: a missing object is denied without s3:ListBucket", async () => {
  const { emulator, settings } = await startBucket();
  const denied = `<Error><Code>AccessDenied</Code></Error>`;
  const withoutList: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    if (answer.status !== 404 || !["GET", "HEAD"].includes(method)) return answer;
    return new Response(method === "HEAD" ? null : denied, { status: 403 });
  };
  try {
    const steps = await checkStorage({ ...settings, fetch: withoutList });
    expect(steps.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    emulator.set({ bucketForbidden: Number.POSITIVE_INFINITY, bucketFaultsOn: ["GetObject", "HeadObject"] });
    expect((await checkStorage(settings)).find(({ step }) => step === "copy")).toMatchObject({
      outcome: "failed",
      hint: expect.stringContaining("s3:GetObject (and s3:ListBucket"),
    });
    emulator.set({ bucketFaultsOn: ["AbortMultipartUpload"] });
    expect((await checkStorage(settings)).find(({ step }) => step === "parts")).toMatchObject({
      outcome: "advice",
      hint: "allow the keys s3:AbortMultipartUpload",
    });
  } finally {
    await emulator.close();
  }
});

test("CORS settings are as each provider takes them", () => {
  expect(corsSettings("aws", [origin])).toEqual({
    CORSRules: [
      {
        AllowedOrigins: [origin],
        AllowedMethods: ["PUT"],
        AllowedHeaders: ["content-type", "x-amz-checksum-sha256"],
        ExposeHeaders: ["ETag"],
        MaxAgeSeconds: 3600,
      },
    ],
  });
  expect(corsSettings("r2", [origin])).toEqual([expect.objectContaining({ AllowedOrigins: [origin] })]);
  expect(corsSettings("gcs", [origin])).toEqual([
    expect.objectContaining({ origin: [origin], method: ["PUT"] }),
  ]);
});

test("a lifecycle rule counts if it is enabled, covers incoming/ and applies to every object", () => {
  const rule = (more: string): string =>
    `<LifecycleConfiguration><Rule><ID>1</ID>${more}<Expiration><Days>1</Days></Expiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>`;
  const on = "<Status>Enabled</Status>";
  const prefixed = (prefix: string): string => `<Filter><Prefix>${prefix}</Prefix></Filter>${on}`;
  const both = { expires: true, aborts: true };
  const none = { expires: false, aborts: false };
  expect(lifecycleOf(rule(prefixed("clips/incoming/")), "clips/incoming/")).toEqual(both);
  expect(lifecycleOf(rule(prefixed("")), "clips/incoming/")).toEqual(both);
  expect(lifecycleOf(rule(prefixed("other/")), "clips/incoming/")).toEqual(none);
  expect(lifecycleOf(rule("<Status>Disabled</Status>"), "clips/incoming/")).toEqual(none);
  expect(lifecycleOf(rule(`<Filter><Tag><Key>a</Key></Tag></Filter>${on}`), "clips/incoming/")).toEqual(none);
  expect(lifecycleOf("", "clips/incoming/")).toEqual(none);
});

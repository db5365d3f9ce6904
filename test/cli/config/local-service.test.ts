import { expect, test } from "vitest";
import { allowedByLocalService } from "../../../src/cli/config/local-service.ts";

/* With a service on this machine, loopback addresses may be checked, and no other private ones. */

const loopback = ["http://127.0.0.1:8787/a.jpg", "http://localhost/a.jpg", "http://[::1]/a.jpg"];
const elsewhere = ["http://169.254.169.254/latest", "http://10.0.0.1/a.jpg", "http://[fd00::1]/a.jpg"];

test("allows loopback addresses if the service is on this machine", () => {
  const allowed = allowedByLocalService({ ATLASCLOUD_API_BASE_URL: "http://127.0.0.1:9/api/v1" });
  expect(loopback.map((url) => allowed?.(new URL(url)))).toEqual([true, true, true]);
  expect(elsewhere.map((url) => allowed?.(new URL(url)))).toEqual([false, false, false]);
});

test("allows none if the service is elsewhere", () => {
  expect(allowedByLocalService({})).toBeUndefined();
  expect(
    allowedByLocalService({ ATLASCLOUD_CONSOLE_BASE_URL: "https://console.example/api" }),
  ).toBeUndefined();
  expect(allowedByLocalService({ ATLASCLOUD_CONSOLE_BASE_URL: "no address" })).toBeUndefined();
});

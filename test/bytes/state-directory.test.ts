import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { stateDirectory } from "../../src/bytes/state-directory.node.ts";

describe("the state directory", () => {
  it("is temporary in tests, never the user's own", () => {
    expect(stateDirectory().startsWith(tmpdir())).toBe(true);
  });

  it.each(["linux", "darwin", "win32"] as const)("follows an absolute XDG_STATE_HOME on %s", (platform) => {
    expect(stateDirectory({ XDG_STATE_HOME: "/state" }, platform)).toBe("/state/media-preflight");
    expect(stateDirectory({ XDG_STATE_HOME: "state" }, platform)).not.toContain("state/state");
  });

  it("is the platform's own otherwise", () => {
    expect(stateDirectory({ XDG_STATE_HOME: "relative" }, "linux")).toMatch(
      /\.local\/state\/media-preflight$/,
    );
    expect(stateDirectory({}, "darwin")).toMatch(/Library\/Application Support\/media-preflight$/);
    expect(stateDirectory({ LOCALAPPDATA: "/local" }, "win32")).toBe("/local/media-preflight");
  });
});

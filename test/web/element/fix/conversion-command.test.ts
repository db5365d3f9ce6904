import { expect, test } from "vitest";
import { preflight } from "../../../../src/index.ts";
import type { Report } from "../../../../src/report/report.ts";
import { defaultTable } from "../../../../src/rules/tables.ts";
import { conversionCommand } from "../../../../src/web/element/fix/conversion-command.ts";

/* The command for a file whose headers say nothing but its format. That ffmpeg runs such commands was tried by hand. */

const refused = (name: string, options = {}): Promise<Report> =>
  preflight(new URL(`../../../../fixtures/refused/${name}`, import.meta.url).pathname, {
    name,
    ...options,
  });
const commandFor = async (name: string, options = {}) =>
  conversionCommand(await refused(name, options), defaultTable);

test("each kind of file is converted to a format that the table accepts", async () => {
  expect(await commandFor("avi.avi")).toBe(
    "ffmpeg -i avi.avi -c:v libx264 -pix_fmt yuv420p -vf 'scale=trunc(iw/2)*2:trunc(ih/2)*2' -c:a aac avi.fixed.mp4",
  );
  expect(await commandFor("flac.flac")).toBe("ffmpeg -i flac.flac -vn flac.fixed.wav");
  expect(await commandFor("jpeg-2000.jp2")).toBe(
    "ffmpeg -i jpeg-2000.jp2 -frames:v 1 -update 1 jpeg-2000.fixed.png",
  );
  const report = await refused("flac.flac");
  const onlyMp3 = { ...defaultTable, types: { audio: { format: { in: ["mp3"] } } } };
  expect(conversionCommand(report, onlyMp3)).toMatch(/ flac\.fixed\.mp3$/);
});

test("a name that a shell or ffmpeg would take for something else is quoted and marked", async () => {
  const report = await refused("avi.avi");
  expect(conversionCommand({ ...report, file: "-it's 1:2.avi" }, defaultTable)).toMatch(
    /^ffmpeg -i 'file:-it'\\''s 1:2\.avi' .* 'file:-it'\\''s 1:2\.fixed\.mp4'$/,
  );
});

test.each([
  ["ffmpeg does not read the format", "camera-raw.cr2", {}],
  ["it is no media file", "document.pdf", {}],
  ["another kind is wanted", "avi.avi", { type: "image" }],
])("there is no command where %s", async (_, name, options) => {
  expect(await commandFor(name, options)).toBeNull();
});

test("there is no command where the table accepts nothing that ffmpeg would write", async () => {
  const webm = { ...defaultTable, types: { video: { format: { in: ["webm"] } } } };
  expect(conversionCommand(await refused("avi.avi"), webm)).toBeNull();
});

import { expect, test } from "vitest";
import { BatchProgress } from "../../../../src/web/element/list/batch-progress.ts";
import { type Item, newItem, type Stage } from "../../../../src/web/element/session/item.ts";

const item = (stage: Stage, size = 100): Item =>
  Object.assign(newItem(new File([new Uint8Array(size)], "clip.mp4")), { stage });

test("files that have been sent still count, so that progress never goes back", () => {
  const progress = new BatchProgress();
  const [first, second] = [item("sending"), item("queued")] as const;
  const items = [first, second, item("checked")];
  first.transfer = { loaded: 60, total: 100 };
  expect(progress.of(items)).toEqual({ files: { sent: 0, total: 2 }, bytes: { loaded: 60, total: 200 } });
  first.stage = "processing";
  expect(progress.of(items)).toEqual({ files: { sent: 0, total: 2 }, bytes: { loaded: 100, total: 200 } });
  first.stage = "sent";
  second.stage = "sending";
  expect(progress.of(items)).toEqual({ files: { sent: 1, total: 2 }, bytes: { loaded: 100, total: 200 } });
});

test("files that were stopped, cancelled or removed no longer count", () => {
  const progress = new BatchProgress();
  const items = [item("sending"), item("queued"), item("queued"), item("queued")];
  expect(progress.of(items)?.files).toEqual({ sent: 0, total: 4 });
  Object.assign(items[0] as Item, { stage: "stopped" });
  Object.assign(items[1] as Item, { stage: "checked" });
  expect(progress.of(items.slice(0, 3))).toEqual({
    files: { sent: 0, total: 1 },
    bytes: { loaded: 0, total: 100 },
  });
});

test("files that were sent before the batch began do not count", () => {
  const progress = new BatchProgress();
  const [first, second] = [item("sending"), item("checked")] as const;
  const items = [first, second];
  expect(progress.of(items)?.files.total).toBe(1);
  first.stage = "sent";
  expect(progress.of(items)).toBeNull();
  second.stage = "sending";
  expect(progress.of(items)?.files).toEqual({ sent: 0, total: 1 });
});

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newRepository, type Repository } from "./repository.ts";
import { fixture } from "./run.ts";

export const good = "image/jpeg-640x480.jpg";
export const bad = "image/jpeg-299x300.jpg";

/** A Git LFS pointer to these bytes, and the name of their object. */
export function pointer(bytes: Uint8Array): { text: string; oid: string } {
  const oid = createHash("sha256").update(bytes).digest("hex");
  return {
    oid,
    text: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`,
  };
}

/** Stores the bytes in git-lfs's store; returns the pointer to them. */
export function store(repo: Repository, bytes: Uint8Array): string {
  const { oid, text } = pointer(bytes);
  const folder = join(repo.path, ".git/lfs/objects", oid.slice(0, 2), oid.slice(2, 4));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, oid), bytes);
  return text;
}

/**
 * A repository of 2,000 files with 40 changes staged, nearly all of them media: partly staged ones, one deleted,
 * one renamed, odd names, Git LFS pointers with and without their object. The work tree differs from the index.
 * @returns with the verdict that each staged file is due
 */
export function manyFiles(below: string): { repo: Repository; expected: Record<string, string> } {
  const repo = newRepository(below);
  const expected: Record<string, string> = {};
  const add = (file: string, verdict: string, from: string): void => {
    repo.put(from, file);
    expected[file] = verdict;
  };
  for (let i = 0; i < 1960; i++) repo.write(`src/${i % 40}/module-${i}.js`, `export const n = ${i};\n`);
  repo.put(good, "old/gone.jpg");
  repo.write("old/moved.jpg", Buffer.concat([readFileSync(fixture(bad)), Buffer.alloc(64)]));
  repo.put(good, "old/kept.jpg");
  repo.git("add", ".");
  repo.git("commit", "-qm", "Begin");

  for (let i = 0; i < 10; i++) add(`media/good-${i}.jpg`, "pass", good);
  for (let i = 0; i < 8; i++) add(`media/clip-${i}.mp4`, "pass", "video/mp4-h264-aac.mp4");
  for (let i = 0; i < 4; i++) add(`media/tone-${i}.wav`, "pass", "audio/wav-pcm-stereo-3s.wav");
  for (let i = 0; i < 6; i++) add(`media/bad-${i}.jpg`, "fail", bad);
  add("media/partly-good.jpg", "pass", good);
  add("media/partly-bad.jpg", "fail", bad);
  add("media/large-partly-good.wav", "pass", "audio/wav-pcm-stereo-3s.wav");
  add("media/new\nline.jpg", "fail", bad);
  add("-dash.jpg", "fail", bad);
  add('media/"quoted" ü 中.png', "pass", "image/png-640x480.png");
  add("media/without-extension", "fail", bad);
  expected["new/moved.jpg"] = "fail";
  const here = readFileSync(fixture("video/mp4-h264-aac.mp4"));
  repo.write("media/lfs-here.mp4", store(repo, here));
  expected["media/lfs-here.mp4"] = "pass";
  repo.write("media/lfs-away.mp4", pointer(Buffer.from("not on this machine")).text);
  expected["media/lfs-away.mp4"] = "unsure";
  repo.write("media/notes.txt", "no media\n");
  symlinkSync("good-0.jpg", join(repo.path, "media/link.jpg"));
  repo.git("mv", "old/moved.jpg", "moved.jpg");
  mkdirSync(join(repo.path, "new"));
  repo.git("mv", "moved.jpg", "new/moved.jpg");
  repo.git("rm", "-q", "old/gone.jpg");
  repo.git("add", ".");
  // From here on the work tree differs from the index.
  repo.put(bad, "media/partly-good.jpg");
  repo.put(good, "media/partly-bad.jpg");
  rmSync(join(repo.path, "media/good-0.jpg"));
  repo.put(bad, "media/large-partly-good.wav");
  repo.put(bad, "untracked.jpg");
  return { repo, expected };
}
